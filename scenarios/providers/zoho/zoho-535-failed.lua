scenario {
  title    = "535 to AUTH",
  emulates = "Zoho Mail",
  sources  = { "a log of SwiftMailer, March 2018" },
  needs    = { tls = true, auth = true },
}
provider "zoho"

on.auth:reply(535, "Authentication Failed")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 Authentication Failed
]]
