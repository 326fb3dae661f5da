scenario {
  title    = "535 to a right CRAM-MD5, 235 to PLAIN and LOGIN with the same password",
  emulates = "servers that offer what their password file can't do",
  sources  = { "MailKit#260", "curl#22832", "JavaMail GH#92" },
  needs    = { auth = true },
  waive    = { "A15" },                                   -- see the outcome
}

capabilities { "+AUTH CRAM-MD5 LOGIN PLAIN" }
on.auth:where("mechanism", "CRAM-MD5"):reply(535, "5.7.8", "Authentication credentials invalid")

expect.outcome { "delivered", "misconfigured" }           -- CRAM-MD5 sends no password, so another one may be tried

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH CRAM-MD5
S: 334 ...
C: bWUgMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=
S: 535 5.7.8 Authentication credentials invalid
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
