scenario {
  title    = "454 to AUTH: the server behind it that knows the passwords is down",
  emulates = "Postfix that lost its authentication server",
  sources  = { "RFC 4954 section 6", "sisimai#129" },
  params   = { times = { 1, "logins that fail before the server recovers" } },
  needs    = { auth = true },
}

on.auth:first(params.times)
  :reply(454, "4.7.0", "Temporary authentication failure: Connection lost to authentication server")

expect.outcome "temporary"                                -- the password may be right: keep it

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 454 4.7.0 Temporary authentication failure: Connection lost to authentication server
C: QUIT
S: 221 ...
S: <close>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S2: 235 ...
]]
