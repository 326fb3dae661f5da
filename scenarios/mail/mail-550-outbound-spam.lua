scenario {
  title    = "550 to MAIL: the account is blocked because it sent spam",
  emulates = "Microsoft 365",
  sources  = { "Microsoft 365 documentation" },
}

on.mail:reply(550, "5.1.8", "Access denied, bad outbound sender")

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<a@example.com>
S: 550 5.1.8 Access denied, bad outbound sender
]]
