scenario {
  title    = "454 to AUTH: the authentication server is gone",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd_sasl_glue.c" },
  needs    = { auth = true },
}
provider "postfix"

on.auth:reply(454, "4.7.0", "Temporary authentication failure: Connection lost to authentication server")

expect.outcome "temporary"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 454 4.7.0 Temporary authentication failure: Connection lost to authentication server
]]
