scenario {
  title    = "AUTH is offered inside TLS only",
  emulates = "Gmail, Microsoft 365, Postfix with smtpd_tls_auth_only",
  sources  = { "RFC 4954 section 3", "RFC 3207 section 4.2" },
  needs    = { tls = true, auth = true },
}

capabilities { before_tls = { "-AUTH" }, after_tls = { "+AUTH PLAIN LOGIN" } }
on.mail:unless("authenticated"):reply(530, "5.7.0", "Authentication required")

expect.outcome "delivered"                                -- with what the second EHLO offers
expect.commands "EHLO, STARTTLS, EHLO, AUTH, MAIL"
expect.never { stage = "auth", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 503 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
