scenario {
  title    = "500 in reply to STARTTLS, which was offered",
  emulates = "a proxy that offers what it doesn't know",
  sources  = { "curl 4e6f483d08" },
  needs    = { tls = true },
}

on.starttls:reply(500, "5.5.2", "Error: command not recognized")

expect.outcome { "temporary", "refuses" }
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 500 5.5.2 Error: command not recognized
C: QUIT
S: 221 ...
S: <close>
]]
