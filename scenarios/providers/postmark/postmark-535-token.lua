scenario {
  title    = "535 to AUTH: the token is wrong",
  emulates = "Postmark (text approximate)",
  sources  = { "Postmark: sending email with SMTP" },
  needs    = { auth = true },
}
provider "postmark"

on.auth:reply(535, "5.7.8", "Error: authentication failed")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 5.7.8 Error: authentication failed
]]
