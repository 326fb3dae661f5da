scenario {
  title    = "535 to AUTH",
  emulates = "Exim",
  sources  = { "Exim src/src/smtp_in.c" },
  needs    = { auth = true },
}
provider "exim"

on.auth:reply(535, "Incorrect authentication data")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 Incorrect authentication data
]]
