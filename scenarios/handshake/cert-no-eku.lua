scenario {
  title    = "The certificate doesn't say what it is for",
  emulates = "an old or home-made certificate",
  sources  = { "RFC 5280 section 4.2.1.12" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "no_eku" }

expect.outcome "delivered"                                -- by a client that trusts the CA

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls no_eku>
C: EHLO client.example
S: 250 ...
]]
