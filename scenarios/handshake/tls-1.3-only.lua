scenario {
  title    = "The server speaks TLS 1.3 only",
  emulates = "a server set up for the newest clients",
  sources  = { "RFC 8446" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ tls_versions = "1.3" }

expect.outcome { "delivered", "misconfigured" }           -- misconfigured: by a client without TLS 1.3

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
