scenario {
  title    = "The stapled OCSP answer says that the certificate is revoked",
  emulates = "a key that was stolen",
  sources  = { "RFC 6066 section 8", "RFC 6960 section 4.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ ocsp = "revoked" }

expect.outcome { "refuses", lax = "delivered" }           -- lax: it doesn't ask for a stapled answer

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
]]
