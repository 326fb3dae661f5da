scenario {
  title    = "The right password gets 235, any other gets 535",
  emulates = "a healthy server",
  sources  = { "RFC 4954 section 6" },
  needs    = { auth = true },
}

users { ["user@example.com"] = "open-sesame" }            -- no rule: the built-in verdict

expect.outcome "delivered"                                -- whoever is given the right password gets through

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ad3Jvbmc=
S: 535 ...
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 UGFzc3dvcmQ6
C: d3Jvbmc=
S: 535 ...
]]
