scenario {
  title    = "The records of the handshake have a version that doesn't exist",
  emulates = "a broken stack",
  sources  = { "RFC 8446 section 5.1" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:tls_damage("version")

expect.outcome { "temporary", "refuses" }
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <silence 1s>
]]
