scenario {
  title    = "454 to AUTH: a temporary failure",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide" },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.auth:reply(454, "Temporary authentication failure")

expect.outcome "temporary"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 454 Temporary authentication failure
]]
