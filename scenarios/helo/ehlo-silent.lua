scenario {
  title    = "EHLO gets no answer",
  emulates = "a firewall",
  sources  = { "go#70011" },
}

on.helo:stall()

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: <silence 5m>
C: <close>
]]
