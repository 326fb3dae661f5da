scenario {
  title    = "The server speaks TLS 1.0 only",
  emulates = "a very old appliance",
  sources  = { "RFC 8996", "OfficeDocs-Support socketerror", "PHPMailer#696" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ tls_versions = "1.0" }

expect.outcome { "misconfigured", "refuses" }             -- with the version named
expect.never { stage = "mail" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <alert protocol_version>
S: <close>
]]

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls 1.0>
C: EHLO client.example
S: 250 ...
]]
