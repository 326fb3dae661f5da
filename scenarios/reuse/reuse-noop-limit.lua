scenario {
  title    = "421 to the 4th NOOP or RSET on a connection, and it closes",
  emulates = "Postfix and its limit on junk commands",
  sources  = { "symfony#35633", "Postfix smtpd.c" },
  params   = { limit = { 3, "NOOP and RSET that a connection may send" } },
  needs    = { messages = 5 },
}

on.command:verb{ "NOOP", "RSET" }:after(params.limit):per("connection")
  :reply(421, "4.7.0", "{host} Error: too many errors"):close()

expect.outcome "delivered"  -- no probe before every message, or a new connection

example { limit = 1, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
C: NOOP
S: 250 ...
C: RSET
S: 421 4.7.0 {host} Error: too many errors
S: <close>
S: <stored 1>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: MAIL FROM:<a@example.com>
S2: 250 ...
C2: RCPT TO:<b@example.net>
S2: 250 ...
C2: DATA
S2: 354 ...
C2: .
S2: 250 ...
S2: <stored 2>
]] }
