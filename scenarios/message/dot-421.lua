scenario {
  title    = "421 after the final dot of every message, and the connection closes",
  emulates = "an overloaded server",
  sources  = { "RFC 5321 section 3.8" },
}

on.message:reply(421, "4.4.5", "Server busy, try again later"):close()

expect.outcome "temporary"                                -- and in the end the message is given back

example [[
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
S: 421 4.4.5 Server busy, try again later
S: <close>
S: <stored 0>
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
S2: 421 ...
S2: <close>
]]
