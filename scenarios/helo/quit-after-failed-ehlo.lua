scenario {
  title    = "EHLO and HELO both get 550, and QUIT is still possible",
  emulates = "a server that knows who it doesn't want (text approximate)",
  sources  = { "go#70011" },
}

on.helo:reply(550, "5.7.1", "Access denied")

expect.outcome { "permanent", "misconfigured" }
expect.commands "EHLO, QUIT"                              -- and no connection is left open

example [[
S: 220 ...
C: EHLO client.example
S: 550 5.7.1 Access denied
C: QUIT
S: 221 ...
S: <close>
]]
