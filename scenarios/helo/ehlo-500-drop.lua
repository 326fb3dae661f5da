scenario {
  title    = "EHLO gets 500 and FIN; HELO would have worked",
  emulates = "broken servers",
  sources  = { "RFC 5321 section 3.2" },
}

on.helo:verb("EHLO"):reply(500, "5.5.2", "Error: command not recognized"):close()

expect.outcome { "delivered", "temporary" }               -- connects again and says HELO, or gives up for now

example [[
S: 220 ...
C: EHLO client.example
S: 500 5.5.2 ...
S: <close>
S2: 220 ...
C2: HELO client.example
S2: 250 ...
]]
