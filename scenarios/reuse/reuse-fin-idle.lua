scenario {
  title    = "FIN on a connection that was idle after a message, without a word",
  emulates = "load balancers, Exchange",
  sources  = { "jordan-wright/email#123", "listmonk#1992", "symfony#53157", "appwrite PR#12628" },
  params   = { idle = { "10s", "silence before the server hangs up" } },
  needs    = { messages = 2, idle = "12s" },
}

on.idle:at(params.idle):unless("messages", 0):close()

expect.outcome "reconnects"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
S: <silence 20s>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <silence 9s>
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
S2: <stored 2>
]]
