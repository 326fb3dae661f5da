scenario {
  title    = "The keywords of EHLO are in lower case",
  emulates = "various servers",
  sources  = { "curl#18588", "RFC 5321 section 2.4" },
  needs    = { auth = true },
}

capabilities { "pipelining", "size 10485760", "8bitmime", "auth plain login" }
on.mail:unless("authenticated"):reply(530, "5.7.0", "Authentication required")

expect.outcome "delivered"
expect.commands "EHLO, AUTH, MAIL"

example [[
S: 220 ...
C: EHLO client.example
S: 250-{host}
S: 250-pipelining
S: 250-size 10485760
S: 250-8bitmime
S: 250 auth plain login
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<user@example.com>
S: 250 ...
]]
