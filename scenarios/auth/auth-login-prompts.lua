scenario {
  title    = "AUTH LOGIN asks in other words: User Name and a NUL, Password and a NUL",
  emulates = "servers with the prompts of the LOGIN draft",
  sources  = { "lettre#911", "draft-murchison-sasl-login-00 section 2.1" },
  params   = { user = { "User Name\0", "the first prompt" }, password = { "Password\0", "the second prompt" } },
  needs    = { auth = true },
}

capabilities { "+AUTH LOGIN" }
on.auth:at(1):unless("user"):challenge(params.user)
on.auth:where("user"):at(2):challenge(params.password)

expect.outcome "delivered"                                -- the answers go by position

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH LOGIN
S: 334 VXNlciBOYW1lAA==
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 UGFzc3dvcmQA
C: b3Blbi1zZXNhbWU=
S: 235 ...
]]
example { user = "username:", password = "Password", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH LOGIN
S: 334 dXNlcm5hbWU6
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 UGFzc3dvcmQ=
C: b3Blbi1zZXNhbWU=
S: 235 ...
]] }
