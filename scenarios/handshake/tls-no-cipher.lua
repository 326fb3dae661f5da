scenario {
  title    = "The server has no cipher in common with the client",
  emulates = "a server whose list of ciphers was cut too short",
  sources  = { "RFC 5246 section 7.4.1.3", "PHPMailer#696" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ tls_versions = "1.2", ciphers = "ECDHE-ECDSA-NULL-SHA" }

expect.outcome "misconfigured"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <alert handshake_failure>
S: <close>
]]
