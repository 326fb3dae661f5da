scenario {
  title    = "421 to DATA, and the connection closes",
  emulates = "Gmail",
  sources  = { "fastify/help#800", "cpython#132796", "RFC 5321 section 3.8" },
  params   = { times = { 1, "messages refused before the server recovers" } },
}

on.data:first(params.times)
  :reply(421, "4.3.0", "Temporary System Problem.  Try again later (10). {id} - gsmtp"):close()

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 421 4.3.0 Temporary System Problem.  Try again later (10). ... - gsmtp
S: <close>
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
]]
