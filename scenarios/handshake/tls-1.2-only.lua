scenario {
  title    = "The server speaks TLS 1.2 only",
  emulates = "most servers before 2020",
  sources  = { "RFC 5246" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ tls_versions = "1.2" }

expect.outcome "delivered"

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
