scenario {
  title    = "535 to AUTH: the credentials are wrong",
  emulates = "Mailgun (text approximate)",
  sources  = { "Mailgun" },
  needs    = { auth = true },
}
provider "mailgun"

on.auth:reply(535, "Authentication failed")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 Authentication failed
]]
