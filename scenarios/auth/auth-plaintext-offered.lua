scenario {
  title    = "AUTH PLAIN LOGIN is offered in clear, beside STARTTLS",
  emulates = "Mailgun, SendGrid",
  sources  = { "a telnet session with smtp.mailgun.org", "RFC 4954 section 4", "RFC 8314" },
  needs    = { tls = true, auth = true },
}

doors { submission = { port = 587, tls = "starttls", main = true } }
capabilities { before_tls = { "+AUTH PLAIN LOGIN" }, after_tls = { "+AUTH PLAIN LOGIN" } }
on.mail:unless("authenticated"):reply(530, "5.7.0", "Authentication required")

expect.outcome "delivered"                                -- TLS first
expect.never { stage = "auth", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
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
