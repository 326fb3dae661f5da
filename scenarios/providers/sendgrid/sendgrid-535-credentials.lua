scenario {
  title    = "535 to AUTH: bad user name or password",
  emulates = "SendGrid",
  sources  = { "a lesson with telnet and smtp.sendgrid.net" },
  needs    = { auth = true },
}
provider "sendgrid"

on.auth:reply(535, "Authentication failed: Bad username / password")

expect.outcome "misconfigured"                            -- the user is always apikey

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 Authentication failed: Bad username / password
]]
