scenario {
  title    = "452 to MAIL: the server's disk is full",
  emulates = "Postfix",
  sources  = { "RFC 1870 section 6", "RFC 5321 section 4.2.3" },
  params   = { times = { 1, "messages refused before the server recovers" } },
}

on.mail:first(params.times):reply(452, "4.3.1", "Insufficient system storage")

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 452 4.3.1 Insufficient system storage
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
