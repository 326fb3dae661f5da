scenario {
  title    = "The certificate's serial number is 0",
  emulates = "a home-made certificate",
  sources  = { "RFC 5280 section 4.1.2.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "serial_zero" }

expect.outcome { "delivered", lax = "refuses" }           -- RFC 5280: clients should bear with it

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls serial_zero>
C: EHLO client.example
S: 250 ...
]]
