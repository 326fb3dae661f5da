scenario {
  title    = "554 after the final dot: the message is malformed",
  emulates = "Gmail's MX",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

on.message:reply(554, "5.6.0", "Mail message is malformed. Not accepted. {id} - gsmtp")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 250 2.1.5 OK ... - gsmtp
C: DATA
S: 354  Go ahead ... - gsmtp
C: .
S: 554 5.6.0 Mail message is malformed. Not accepted. ... - gsmtp
]]
