scenario {
  title    = "The stapled OCSP answer can't be read",
  emulates = "a broken cache of OCSP answers",
  sources  = { "RFC 6066 section 8", "RFC 6960 section 4.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ ocsp = "malformed" }

expect.outcome { "delivered", "refuses" }                 -- as if there were none, unless the client must have one

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
