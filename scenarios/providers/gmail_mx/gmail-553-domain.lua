scenario {
  title    = "553 to a recipient whose domain is not found",
  emulates = "Gmail's MX (layout and the end of the text approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

on.rcpt:reply(553, "5.1.2", {
  "We weren't able to find the recipient domain. Please check for any",
  " spelling errors, and make sure you didn't enter any spaces, periods, or",
  " other punctuation after the recipient's email address. {id} - gsmtp" })

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 553-5.1.2 We weren't able to find the recipient domain. Please check for any
S: 553-5.1.2  spelling errors, and make sure you didn't enter any spaces, periods, or
S: 553 5.1.2  other punctuation after the recipient's email address. ... - gsmtp
]]
