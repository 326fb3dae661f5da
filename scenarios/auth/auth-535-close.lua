scenario {
  title    = "535 to AUTH, and the connection closes at once",
  emulates = "a server that hangs up after a failed login",
  sources  = { "RFC 4954 section 6", "rails#27298" },
  needs    = { auth = true },
}

on.auth:reply(535, "5.7.8", "Authentication credentials invalid"):close()

expect.outcome "misconfigured"                            -- what the user must see is the 535

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 5.7.8 Authentication credentials invalid
S: <close>
]]
