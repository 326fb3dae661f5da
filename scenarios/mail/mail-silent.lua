scenario {
  title    = "MAIL gets no reply, and the connection stays open",
  emulates = "a server that hangs",
  sources  = { "RFC 5321 section 4.5.3.2.2" },
  params   = { times = { 1, "messages that get no reply" } },
}

on.mail:first(params.times):stall()

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
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
