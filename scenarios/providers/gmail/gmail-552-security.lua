scenario {
  title    = "552 after the final dot: the content is a security issue",
  emulates = "Gmail and Google Workspace, submission (layout approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
  needs    = { tls = true, auth = true },
}
provider "gmail"

on.message:reply(552, "5.7.0", {
  "This message was blocked because its content presents a potential",
  " security issue. To review our message content and attachment content",
  " guidelines, go to https://support.google.com/mail/?p=BlockedMessage {id} - gsmtp" })

expect.outcome "permanent"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 250 2.1.5 OK ... - gsmtp
C: DATA
S: 354  Go ahead ... - gsmtp
C: .
S: 552-5.7.0 This message was blocked because its content presents a potential
S: 552-5.7.0  security issue. To review our message content and attachment content
S: 552 5.7.0  guidelines, go to https://support.google.com/mail/?p=BlockedMessage ... - gsmtp
]]
