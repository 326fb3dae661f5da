scenario {
  title    = "AUTH LOGIN asks in clear words, not in base64",
  emulates = "home-made servers",
  sources  = { "lettre#911", "RFC 4954 section 4" },
  needs    = { auth = true },
}

capabilities { "+AUTH LOGIN" }
on.auth:at(1):unless("user"):send("334 Username:\r\n")
on.auth:at(2):send("334 Password:\r\n")

expect.outcome { "delivered", "temporary", "misconfigured" }  -- by position, or not at all

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH LOGIN
S: 334 Username:
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 Password:
C: b3Blbi1zZXNhbWU=
S: 235 ...
]]
