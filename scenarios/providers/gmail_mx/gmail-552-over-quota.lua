scenario {
  title    = "552 to a recipient whose inbox has been full for long",
  emulates = "Gmail's MX (layout approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

on.rcpt:reply(552, "5.2.2", {
  "The recipient's inbox is out of storage space and inactive. Please",
  " direct the recipient to",
  " https://support.google.com/mail/?p=OverQuotaPerm {id} - gsmtp" })

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 552-5.2.2 The recipient's inbox is out of storage space and inactive. Please
S: 552-5.2.2  direct the recipient to
S: 552 5.2.2  https://support.google.com/mail/?p=OverQuotaPerm ... - gsmtp
]]
