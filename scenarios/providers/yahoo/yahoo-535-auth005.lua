scenario {
  title    = "535 to AUTH, and the connection closes: too many bad attempts",
  emulates = "Yahoo Mail",
  sources  = { "a session with smtp.mail.yahoo.com, February 2019" },
  needs    = { tls = true, auth = true },
}
provider "yahoo"

on.auth:reply(535, "5.7.0", "(#AUTH005) Too many bad auth attempts."):close()

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 5.7.0 (#AUTH005) Too many bad auth attempts.
S: <close>
]]
