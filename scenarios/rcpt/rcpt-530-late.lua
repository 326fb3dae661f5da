scenario {
  title    = "530 to RCPT, after MAIL got 250",
  emulates = "Postal and others that ask for the login at the recipient",
  sources  = { "postal#175", "RFC 4954 section 6" },
}

on.rcpt:unless("authenticated"):reply(530, "Authentication required")

expect.outcome { "misconfigured", "delivered" }           -- delivered: it logs in

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 530 Authentication required
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
]]
