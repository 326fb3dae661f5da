scenario {
  title    = "452 to a recipient: he wants a transaction of his own",
  emulates = "Gmail's MX",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
  needs    = { rcpts = 2 },
}
provider "gmail_mx"

on.rcpt:after(1):per("message"):reply(452, "4.5.3", "Domain policy size per transaction exceeded, please try this "
  .. "recipient in a separate transaction. {id} - gsmtp")

expect.outcome "partial"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ...
C: RCPT TO:<b@example.net>
S: 250 2.1.5 OK ...
C: RCPT TO:<c@example.org>
S: 452 4.5.3 Domain policy size per transaction exceeded, please try this recipient in ...
]]
