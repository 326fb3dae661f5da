scenario {
  title    = "The certificate becomes valid tomorrow",
  emulates = "a certificate that was put up too early, a client whose clock is behind",
  sources  = { "RFC 5280 section 4.1.2.5" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "not_yet_valid" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls not_yet_valid>
C: EHLO client.example
S: 250 ...
]]
