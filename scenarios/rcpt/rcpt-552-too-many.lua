scenario {
  title    = "552 after the first N recipients of a message",
  emulates = "servers older than RFC 2821",
  sources  = { "RFC 5321 section 4.5.3.1.10" },
  params   = { limit = { 3, "recipients a message may have" } },
  needs    = { rcpts = 5 },
}

on.rcpt:after(params.limit):per("message"):reply(552, "5.5.3", "Too many recipients")

expect.outcome "partial"                                  -- a client should take this 552 for temporary

example { limit = 1, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: RCPT TO:<c@example.net>
S: 552 5.5.3 Too many recipients
C: DATA
S: 354 ...
C: .
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<c@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 2>
]] }
