scenario {
  title    = "534 to AUTH: the mechanism is too weak, and no stronger one is offered",
  emulates = "a server whose policy forbids the mechanisms that it offers (text approximate)",
  sources  = { "RFC 4954 section 6" },
  needs    = { auth = true },
  waive    = { "A15" },                                   -- trying the other mechanism is right here
}

on.auth:reply(534, "5.7.9", "Authentication mechanism is too weak")

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 534 5.7.9 Authentication mechanism is too weak
C: AUTH LOGIN
S: 334 ...
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 ...
C: b3Blbi1zZXNhbWU=
S: 534 ...
]]
