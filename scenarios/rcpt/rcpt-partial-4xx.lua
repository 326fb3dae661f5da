scenario {
  title    = "The 2nd recipient gets 451 once; the others get 250",
  emulates = "a server that greylists one of the domains",
  sources  = { "net-smtp#56", "aimx PR#144", "RFC 6647 section 2" },
  needs    = { rcpts = 3 },
}

on.rcpt:nth(2):reply(451, "4.7.1", "Greylisting in action, please come back later")

expect.outcome "partial"                                  -- the 2nd is retried alone

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<1@example.net>
C: RCPT TO:<2@example.net>
C: RCPT TO:<3@example.net>
S: 250 ...
S: 451 4.7.1 Greylisting in action, please come back later
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 2>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<2@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 3>
]]
