scenario {
  title    = "552 after the final dot: the message is too large for Google",
  emulates = "Gmail and Google Workspace, submission (layout approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
  needs    = { tls = true, auth = true },
}
provider "gmail"

on.message:reply(552, "5.3.4", {
  "Your message exceeded Google's message size limits. To view",
  " our message size guidelines, go to",
  " https://support.google.com/mail/?p=MaxSizeError {id} - gsmtp" })

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
S: 552-5.3.4 Your message exceeded Google's message size limits. To view
S: 552-5.3.4  our message size guidelines, go to
S: 552 5.3.4  https://support.google.com/mail/?p=MaxSizeError ... - gsmtp
]]
