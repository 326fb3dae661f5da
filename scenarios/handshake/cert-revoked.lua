scenario {
  title    = "The certificate is revoked, and the server's own OCSP answer says so",
  emulates = "a key that was stolen",
  sources  = { "RFC 5280 section 6.3", "RFC 6960", "RFC 6066 section 8" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "revoked" }

expect.outcome { "refuses", lax = "delivered" }           -- lax: it asks nobody

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls revoked>
C: EHLO client.example
S: 250 ...
]]
