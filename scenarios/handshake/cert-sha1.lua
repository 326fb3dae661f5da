scenario {
  title    = "The certificate is signed with SHA-1",
  emulates = "an old company CA",
  sources  = { "RFC 9155", "badssl.com sha1-intermediate" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "sha1" }

expect.outcome { "refuses", lax = "delivered" }           -- lax: it allows SHA-1

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls sha1>
C: EHLO client.example
S: 250 ...
]]
