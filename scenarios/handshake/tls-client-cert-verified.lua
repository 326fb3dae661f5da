scenario {
  title    = "The client must have a certificate of the server's CA",
  emulates = "a private relay",
  sources  = { "lettre#974", "RFC 8446 section 4.4.2.4" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ client_certificate = "verified" }

expect.outcome "misconfigured"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <alert certificate_required>
S: <close>
]]

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls client=no_eku>
C: EHLO client.example
S: 250 ...
]]

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls client=untrusted_root>
S: <alert unknown_ca>
S: <close>
]]
