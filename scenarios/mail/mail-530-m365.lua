scenario {
  title    = "530 5.7.57 to MAIL of a client that is not logged in",
  emulates = "Microsoft 365",
  sources  = { "Microsoft 365 documentation" },
}

on.mail:unless("authenticated"):reply(530, "5.7.57", "Client not authenticated to send mail.")

expect.outcome { "misconfigured", "delivered" }           -- delivered: it logs in

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 530 5.7.57 Client not authenticated to send mail.
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
