scenario {
  title    = "RCPT gets no reply, and the connection stays open",
  emulates = "a server that hangs",
  sources  = { "RFC 5321 section 4.5.3.2.3" },
  params   = { times = { 1, "recipients that get no reply" } },
}

on.rcpt:first(params.times):stall()

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: <silence 5m>
C: <close>
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
