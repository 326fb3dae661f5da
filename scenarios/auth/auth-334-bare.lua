scenario {
  title    = "The challenge is the bare code 334, with nothing behind it",
  emulates = "Yandex",
  sources  = { "enough_mail#284", "RFC 4954 section 4" },
  needs    = { auth = true },
}

capabilities { "+AUTH PLAIN LOGIN" }
on.auth:at(1):send("334\r\n")

expect.outcome { "delivered", "temporary", "misconfigured" }  -- delivered: PLAIN's challenge carries nothing anyway

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN
S: 334
C: AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH LOGIN
S: 334
C: *
S: 501 ...
]]
