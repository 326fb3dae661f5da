scenario {
  title    = "The first three messages of the run meet a closed connection, the later ones are fine",
  emulates = "a server that restarts",
  sources  = { "nodemailer-smtp-pool#7", "nodemailer#261" },
  params   = { times = { 3, "messages that meet a closed connection" } },
  needs    = { messages = 4 },
}

on.mail:first(params.times):close()

expect.outcome { "delivered", "temporary" }               -- a pool's slots come free again

example { times = 1, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
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
S2: <stored 1>
]] }
