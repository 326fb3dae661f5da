scenario {
  title    = "A certificate that is right in all",
  emulates = "a server without a fault, to see that the client trusts the CA",
  sources  = { "RFC 8446 section 4.4.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "good" }

expect.outcome "delivered"                                -- by a client that trusts the CA

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls good>
C: EHLO client.example
S: 250 ...
]]

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: STARTTLS
S2: 220 ...
C2: <tls resume>
S2: <session resumed>
C2: EHLO client.example
S2: 250 ...
]]
