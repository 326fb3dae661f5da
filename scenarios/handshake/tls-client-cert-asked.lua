scenario {
  title    = "The client is asked for a certificate, and may have none",
  emulates = "Postfix with smtpd_tls_ask_ccert",
  sources  = { "RFC 8446 section 4.3.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ client_certificate = "asked" }

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
