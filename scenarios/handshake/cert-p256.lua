scenario {
  title    = "The certificate's key is an ECDSA one on P-256",
  emulates = "most new servers",
  sources  = { "RFC 8422" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "p256" }

expect.outcome "delivered"                                -- by a client that trusts the CA

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls p256>
C: EHLO client.example
S: 250 ...
]]
