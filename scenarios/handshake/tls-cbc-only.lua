scenario {
  title    = "The server knows TLS 1.2 with CBC ciphers only",
  emulates = "an old appliance",
  sources  = { "RFC 9325 section 4.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ tls_versions = "1.2", ciphers = { "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA" } }

expect.outcome { "delivered", "misconfigured" }           -- misconfigured: by a client that forbids CBC

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
