scenario {
  title    = "The certificate's RSA key has 1,024 bits",
  emulates = "an old appliance",
  sources  = { "NIST SP 800-131A" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "rsa_1024" }

expect.outcome { "refuses", lax = "delivered" }           -- lax: it allows 1,024 bits

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls rsa_1024>
C: EHLO client.example
S: 250 ...
]]
