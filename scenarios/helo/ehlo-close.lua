scenario {
  title    = "EHLO is answered by FIN",
  emulates = "a firewall",
  sources  = { "go#70011" },
}

on.helo:close()

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: <close>
]]
