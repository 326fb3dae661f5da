scenario {
  title    = "501 to AUTH: the response can't be decoded",
  emulates = "SendGrid, given a key that ends in a line break",
  sources  = { "SendGrid, integrating with the SMTP API", "RFC 4954 section 4" },
  needs    = { auth = true },
}

on.auth:reply(501, "5.5.2", "Cannot decode response")

expect.outcome "misconfigured"                            -- best: a hint at white space in the key

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 501 5.5.2 Cannot decode response
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: not!base64
S: 501 5.5.2 Cannot decode response
]]
