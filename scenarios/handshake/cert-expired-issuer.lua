scenario {
  title    = "The certificate is valid, but the CA above it ran out yesterday",
  emulates = "an intermediate CA that was forgotten: AddTrust in 2020",
  sources  = { "RFC 5280 section 6.1.3" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "expired_issuer" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls expired_issuer>
C: EHLO client.example
S: 250 ...
]]
