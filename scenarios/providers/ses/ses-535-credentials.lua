scenario {
  title    = "535 to AUTH: the credentials are invalid",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide" },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.auth:reply(535, "Authentication Credentials Invalid")

expect.outcome "misconfigured"                            -- IAM keys are no SMTP password

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 Authentication Credentials Invalid
]]
