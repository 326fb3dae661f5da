scenario {
  title    = "The challenge of CRAM-MD5 isn't base64",
  emulates = "a server that sends the challenge as it is",
  sources  = { "JavaMail GH#155", "RFC 4954 section 4" },
  needs    = { auth = true },
  waive    = { "A15" },                                   -- trying the other mechanism is right here
}

capabilities { "+AUTH CRAM-MD5 LOGIN PLAIN" }
on.auth:at(1):where("mechanism", "CRAM-MD5"):send("334 !!!not-base64\r\n")

expect.outcome { "delivered", "temporary", lax = "misconfigured" }  -- a star, and another mechanism: PLAIN

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH CRAM-MD5
S: 334 !!!not-base64
C: *
S: 501 5.7.0 Authentication aborted
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
