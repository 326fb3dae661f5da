scenario {
  title    = "The first challenge, of any mechanism, isn't base64",
  emulates = "broken servers",
  sources  = { "RFC 4954 section 4" },
  needs    = { auth = true },
  waive    = { "A15" },                                   -- no secret was sent
}

capabilities { "+AUTH LOGIN CRAM-MD5" }
on.auth:at(1):send("334 !!!\r\n")

expect.outcome { "delivered", "temporary", "misconfigured" }  -- delivered: LOGIN, its prompts unread

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH CRAM-MD5
S: 334 !!!
C: *
S: 501 ...
C: AUTH LOGIN
S: 334 !!!
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 UGFzc3dvcmQ6
C: b3Blbi1zZXNhbWU=
S: 235 ...
]]
