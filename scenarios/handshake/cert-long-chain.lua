scenario {
  title    = "120 issuers stand between the certificate and the root",
  emulates = "an attack on the client's verifier",
  sources  = { "RFC 5280 section 6.1", "OpenSSL SSL_CTX_set_verify_depth" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "long_chain" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls long_chain>
C: EHLO client.example
S: 250 ...
]]
