scenario {
  title    = "525 to AUTH: the account is disabled",
  emulates = "a suspended account (text approximate)",
  sources  = { "RFC 5248 registry, X.7.13" },
  needs    = { auth = true },
}

on.auth:reply(525, "5.7.13", "User account disabled")

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 525 5.7.13 User account disabled
]]
