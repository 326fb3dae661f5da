scenario {
  title    = "550 to a recipient whose account is inactive",
  emulates = "Gmail's MX (layout approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

on.rcpt:reply(550, "5.2.1", {
  "The email account that you tried to reach is inactive. For more",
  " information, go to https://support.google.com/mail/?p=DisabledUser {id} - gsmtp" })

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 550-5.2.1 The email account that you tried to reach is inactive. For more
S: 550 5.2.1  information, go to https://support.google.com/mail/?p=DisabledUser ... - gsmtp
]]
