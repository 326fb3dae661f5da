scenario {
  title    = "The certificate's key is an Ed25519 one",
  emulates = "a private CA of today",
  sources  = { "RFC 8410", "RFC 8446 section 4.2.3" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "ed25519" }

expect.outcome { "delivered", "misconfigured", "refuses" } -- not all clients offer it

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls ed25519>
C: EHLO client.example
S: 250 ...
]]
