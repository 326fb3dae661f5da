scenario {
  title    = "The server knows key exchange by RSA only",
  emulates = "an old appliance, a box that reads along",
  sources  = { "RFC 9325 section 4.1" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "rsa_2048", tls_versions = "1.2", ciphers = { "AES128-GCM-SHA256", "AES128-SHA" } }

expect.outcome { "delivered", "misconfigured" }           -- misconfigured: by a client that wants forward secrecy

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
