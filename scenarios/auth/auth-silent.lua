scenario {
  title    = "The credentials have been sent, and the verdict never comes",
  emulates = "an authentication backend that hangs",
  sources  = { "aiosmtplib#171", "RFC 5321 section 4.5.3.2" },
  params   = { times = { 1, "logins that get no answer" } },
  needs    = { auth = true },
}

on.auth:first(params.times):stall()

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: <silence 5m>
C: <close>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S2: 235 ...
]]
