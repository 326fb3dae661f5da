scenario {
  title    = "AUTH PLAIN LOGIN is offered, and no STARTTLS",
  emulates = "a development server, or somebody in the middle",
  sources  = { "go-mail, NoEncryption", "Go net/smtp, PlainAuth", "RFC 8314" },
  needs    = { auth = true },
}

doors { submission = { port = 587, tls = "none", main = true } }
capabilities { "-STARTTLS", "+AUTH PLAIN LOGIN" }
on.mail:unless("authenticated"):reply(530, "5.7.0", "Authentication required")

expect.outcome { "refuses", lax = "delivered" }           -- lax: its user has allowed a password in clear

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 502 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
