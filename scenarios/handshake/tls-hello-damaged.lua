scenario {
  title    = "A bit of each handshake record is flipped",
  emulates = "bad memory, a meddling box",
  sources  = { "RFC 8446 section 5.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:tls_damage("mac")

expect.outcome { "temporary", "refuses" }
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <close>
]]
