scenario {
  title    = "421 after the final dot twice, then a healthy server",
  emulates = "a server that recovers from overload",
  sources  = { "RFC 5321 section 3.8", "RFC 5321 section 4.5.4.1" },
  params   = { times = { 2, "messages refused before the server recovers" } },
}

on.message:first(params.times):reply(421, "4.4.5", "Server busy, try again later"):close()

expect.outcome "temporary"
expect.attempts { gap = "1s" }

example { times = 1, [[
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
S2: 250 ...
S2: <stored 1>
]] }
