scenario {
  title    = "The connection closes instead of a reply to MAIL",
  emulates = "a server that crashes or is restarted",
  sources  = { "RFC 5321 section 3.8" },
  params   = { times = { 1, "messages that meet the close" } },
}

on.mail:first(params.times):close()

expect.outcome "temporary"

example [[
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
]]
