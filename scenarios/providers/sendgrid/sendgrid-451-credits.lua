scenario {
  title    = "451 to AUTH: the credits are used up",
  emulates = "SendGrid",
  sources  = { "SendGrid's documentation" },
  needs    = { auth = true },
}
provider "sendgrid"

on.auth:reply(451, "Authentication failed: Maximum credits exceeded")

expect.outcome "temporary"                                -- till the plan's next month

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 451 Authentication failed: Maximum credits exceeded
]]
