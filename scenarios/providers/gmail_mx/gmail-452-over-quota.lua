scenario {
  title    = "452 to a recipient whose inbox is out of storage space",
  emulates = "Gmail's MX (layout approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

on.rcpt:reply(452, "4.2.2", {
  "The recipient's inbox is out of storage space. Please direct the",
  " recipient to https://support.google.com/mail/?p=OverQuotaTemp {id} - gsmtp" })

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 452-4.2.2 The recipient's inbox is out of storage space. Please direct the
S: 452 4.2.2  recipient to https://support.google.com/mail/?p=OverQuotaTemp ... - gsmtp
]]
