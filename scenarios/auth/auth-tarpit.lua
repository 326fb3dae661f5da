scenario {
  title    = "The verdict on AUTH comes 30 s late",
  emulates = "a server that slows down guessing",
  sources  = { "RFC 5321 section 4.5.3.2" },
  params   = { wait = { "30s", "time before the verdict" } },
  needs    = { auth = true },
}

on.auth:delay(params.wait)                                -- then 235 or 535, as the credentials deserve

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: <silence 29s>
S: 235 ...
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ad3Jvbmc=
S: <silence 29s>
S: 535 ...
]]
