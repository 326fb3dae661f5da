scenario {
  title    = "552 to the recipients above a limit",
  emulates = "Exim",
  sources  = { "Exim src/src/smtp_in.c", "RFC 5321 section 4.5.3.1.10" },
  params   = { limit = { 100, "recipients a message may have" } },
  needs    = { rcpts = 101 },
}
provider "exim"

on.rcpt:after(params.limit):per("message"):reply(552, "too many recipients")

expect.outcome "partial"                                  -- a 552 here is temporary

example { limit = 1, [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 OK
C: RCPT TO:<b@example.net>
S: 250 Accepted
C: RCPT TO:<c@example.net>
S: 552 too many recipients
]] }
