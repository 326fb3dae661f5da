scenario {
  title    = "MAIL gets 530 until the client has logged in",
  emulates = "most submission servers",
  sources  = { "RFC 4954 section 6", "RFC 6409 section 4.3" },
  needs    = { auth = true },
}

on.mail:unless("authenticated"):reply(530, "5.7.0", "Authentication required")

expect.outcome "delivered"
expect.commands "EHLO, AUTH, MAIL"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 530 5.7.0 Authentication required
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
