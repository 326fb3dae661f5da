scenario {
  title    = "535 to AUTH: the credentials are wrong",
  emulates = "Postfix with a wrong password",
  sources  = { "RFC 4954 section 6", "cpython#100331" },
  needs    = { auth = true },
}

on.auth:reply(535, "5.7.8", "Error: authentication failed: UGFzc3dvcmQ6")  -- the last prompt in base64

expect.outcome "misconfigured"  -- one attempt: no second mechanism with the same password

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6
]]
