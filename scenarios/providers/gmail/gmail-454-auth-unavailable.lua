scenario {
  title    = "454 to AUTH: a temporary system problem",
  emulates = "Gmail and Google Workspace, submission",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
  needs    = { tls = true, auth = true },
}
provider "gmail"

on.auth:reply(454, "4.7.0", "Cannot authenticate due to a temporary system problem. Try again later. {id} - gsmtp")

expect.outcome "temporary"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 454 4.7.0 Cannot authenticate due to a temporary system problem. Try again later. ... - gsmtp
]]
