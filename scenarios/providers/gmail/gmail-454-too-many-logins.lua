scenario {
  title    = "454 to AUTH: too many login attempts",
  emulates = "Gmail and Google Workspace, submission",
  sources  = { "jordan-wright/email#99" },
  needs    = { tls = true, auth = true },
}
provider "gmail"

on.auth:reply(454, "4.7.0", "Too many login attempts, please try again later. {id} - gsmtp")

expect.outcome "temporary"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 454 4.7.0 Too many login attempts, please try again later. ... - gsmtp
]]
