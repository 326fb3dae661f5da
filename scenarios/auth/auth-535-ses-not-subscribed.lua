scenario {
  title    = "535 to AUTH: the account has no SES",
  emulates = "Amazon SES, given an IAM key as the password",
  sources  = { "Amazon SES developer guide" },
  needs    = { auth = true },
}

on.auth:reply(535, "Account not subscribed to SES")

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 Account not subscribed to SES
]]
