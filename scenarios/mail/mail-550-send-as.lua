scenario {
  title    = "550 to MAIL: the account may not send as this sender",
  emulates = "Microsoft 365, From other than the login",
  sources  = { "Microsoft 365 documentation", "RFC 6409 section 6.1" },
}

on.mail:reply(550, "5.7.60", "SMTP; Client does not have permissions to send as this sender")

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<a@example.com>
S: 550 5.7.60 SMTP; Client does not have permissions to send as this sender
]]
