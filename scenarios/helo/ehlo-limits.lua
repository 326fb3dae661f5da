scenario {
  title    = "LIMITS: one message a connection, two recipients a message, of one domain",
  emulates = "a server of RFC 9422",
  sources  = { "RFC 9422 section 4" },
  needs    = { messages = 2, rcpts = 3 },
}

capabilities { "+LIMITS MAILMAX=1 RCPTMAX=2 RCPTDOMAINMAX=1" }

expect.outcome { "delivered", "partial" }                 -- the rest goes over further messages and connections

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<1@one.example>
S: 250 ...
C: RCPT TO:<2@two.example>
S: 452 4.5.3 Error: too many recipient domains
C: RCPT TO:<2@one.example>
S: 250 ...
C: RCPT TO:<3@one.example>
S: 452 4.5.3 Error: too many recipients
C: DATA
S: 354 ...
C: .
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 421 4.5.3 Error: no more than 1 message on a connection
S: <close>
S: <stored 2>
]]
