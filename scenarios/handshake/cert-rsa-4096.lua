scenario {
  title    = "The certificate's RSA key has 4,096 bits",
  emulates = "a careful administrator",
  sources  = { "NIST SP 800-131A" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "rsa_4096" }

expect.outcome "delivered"                                -- by a client that trusts the CA

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls rsa_4096>
C: EHLO client.example
S: 250 ...
]]
