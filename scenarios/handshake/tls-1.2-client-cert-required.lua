scenario {
  title    = "TLS 1.2: the client is asked for a certificate, and must have one",
  emulates = "a private relay",
  sources  = { "lettre#974", "RFC 5246 section 7.4.6" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ tls_versions = "1.2", client_certificate = "required" }

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

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls 1.2 client=self_signed>
C: EHLO client.example
S: 250 ...
]]
