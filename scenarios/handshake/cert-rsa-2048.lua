scenario {
  title    = "The certificate's RSA key has 2,048 bits",
  emulates = "most servers of the last ten years",
  sources  = { "NIST SP 800-131A" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "rsa_2048" }

expect.outcome "delivered"                                -- by a client that trusts the CA

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls rsa_2048>
C: EHLO client.example
S: 250 ...
]]
