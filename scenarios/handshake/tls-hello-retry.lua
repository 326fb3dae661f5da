scenario {
  title    = "The server wants another group, so the ClientHello comes twice",
  emulates = "a server that prefers P-384",
  sources  = { "RFC 8446 section 4.1.4", "Postfix 20200610" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ groups = "P-384", tls_versions = { "1.2", "1.3" } }

expect.outcome "delivered"

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
