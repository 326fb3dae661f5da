scenario {
  title    = "454 to every AUTH for 30 s: too many login attempts",
  emulates = "Gmail with a client that logs in for each message",
  sources  = { "jordan-wright/email#99", "RFC 4954 section 6" },
  params   = { wait = { "30s", "time from the first attempt during which every login fails" } },
  needs    = { auth = true },
}

on.auth:first(params.wait)
  :reply(454, "4.7.0", "Too many login attempts, please try again later. {id} - gsmtp")

expect.outcome "temporary"
expect.attempts { gap = "1s" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 454 4.7.0 Too many login attempts, please try again later. ... - gsmtp
S: <silence 29s>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 454 ...
S: <silence 2s>
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
