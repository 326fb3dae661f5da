scenario {
  title    = "450 to AUTH: too many AUTH commands",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd.c" },
  needs    = { auth = true },
}
provider "postfix"

on.auth:reply(450, "4.7.1", "Error: too many AUTH commands from {peer}")

expect.outcome "temporary"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 450 4.7.1 Error: too many AUTH commands from {peer}
]]
