scenario {
  title    = "503 to a second AUTH on a connection",
  emulates = "Postfix with a client that logs in for each message",
  sources  = { "Postfix src/smtpd/smtpd_sasl_proto.c", "RFC 4954 section 4" },
  needs    = { messages = 2, auth = true },
}

on.command:verb("AUTH"):where("authenticated"):reply(503, "5.5.1", "Error: already authenticated")

expect.outcome "delivered"                                -- one login for each connection, and its messages after it

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 503 5.5.1 Error: already authenticated
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
