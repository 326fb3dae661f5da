scenario {
  title    = "Each step of AUTH takes 5 s, and the login is right",
  emulates = "a server that asks a distant backend at each step",
  sources  = { "RFC 5321 section 4.5.3.2" },
  params   = { wait = { "5s", "time before each challenge and the verdict" } },
  needs    = { auth = true },
}

capabilities { "+AUTH LOGIN CRAM-MD5" }
on.auth:at(1):delay(params.wait)
on.auth:at(2):delay(params.wait)
on.auth:delay(params.wait)

expect.outcome "delivered"                                -- a timer for each command, not for the whole login

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH LOGIN
S: <silence 4s>
S: 334 VXNlcm5hbWU6
C: dXNlckBleGFtcGxlLmNvbQ==
S: <silence 4s>
S: 334 UGFzc3dvcmQ6
C: b3Blbi1zZXNhbWU=
S: <silence 4s>
S: 235 ...
]]
