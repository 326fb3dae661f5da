scenario {
  title    = "451 to MAIL, and then a reset",
  emulates = "a server that restarts",
  sources  = { "RFC 5321 section 3.8" },
  params   = { times = { 1, "connections that end like this" } },
}

on.mail:first(params.times):reply(451, "4.3.0", "Try again later"):reset()

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 451 4.3.0 Try again later
S: <reset>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: MAIL FROM:<a@example.com>
S2: 250 ...
]]
