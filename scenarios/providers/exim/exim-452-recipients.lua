scenario {
  title    = "452 to the recipients above a limit",
  emulates = "Exim",
  sources  = { "Exim src/src/smtp_in.c" },
  params   = { limit = { 100, "recipients a message may have" } },
  needs    = { rcpts = 101 },
}
provider "exim"

on.rcpt:after(params.limit):per("message"):reply(452, "too many recipients")

expect.outcome "partial"

example { limit = 1, [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 OK
C: RCPT TO:<b@example.net>
S: 250 Accepted
C: RCPT TO:<c@example.net>
S: 452 too many recipients
]] }
