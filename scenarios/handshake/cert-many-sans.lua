scenario {
  title    = "The certificate has 10,000 more names",
  emulates = "a hoster with one certificate for all, an attack on memory",
  sources  = { "RFC 5280 section 4.2.1.6", "OpenSSL SSL_CTX_set_max_cert_list" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "many_sans" }

expect.outcome { "delivered", "refuses" }                 -- it may be more than the client reads

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <close>
]]
