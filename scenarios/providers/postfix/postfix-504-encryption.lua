scenario {
  title    = "504 to AUTH: this mechanism only inside TLS",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd.c" },
  needs    = { auth = true },
}
provider "postfix"

on.auth:reply(504, "5.5.4", "Encryption required for requested authentication mechanism")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 504 5.5.4 Encryption required for requested authentication mechanism
]]
