scenario {
  title    = "The client is asked for a certificate, and must have one",
  emulates = "a private relay",
  sources  = { "lettre#974", "RFC 8446 section 4.4.2.4" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ client_certificate = "required" }

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
C: <tls client=self_signed>
C: EHLO client.example
S: 250 ...
]]
