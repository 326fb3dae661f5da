scenario {
  title    = "The root and two certificates that don't belong there are sent, too",
  emulates = "a bundle that was put together by hand",
  sources  = { "RFC 8446 section 4.4.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "extra_certificates" }

expect.outcome "delivered"                                -- by a client that trusts the CA

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls extra_certificates>
C: EHLO client.example
S: 250 ...
]]
