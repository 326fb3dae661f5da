scenario {
  title    = "503 in reply to STARTTLS, which was offered",
  emulates = "a server that has lost track of the session (text approximate)",
  sources  = { "RFC 5321 section 4.3.2" },
  needs    = { tls = true },
}

on.starttls:reply(503, "5.5.1", "Error: bad sequence of commands")

expect.outcome { "temporary", "refuses" }
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 503 5.5.1 Error: bad sequence of commands
C: QUIT
S: 221 ...
S: <close>
]]
