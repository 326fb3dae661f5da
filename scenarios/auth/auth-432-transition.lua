scenario {
  title    = "432 to AUTH by any mechanism but PLAIN: the server has no such secret of the user yet",
  emulates = "Cyrus IMAP with a user whose password it has only as a hash",
  sources  = { "RFC 4954 section 6" },
  needs    = { tls = true, auth = true },
  waive    = { "A15" },                                   -- trying the other mechanism is right here
}

capabilities { before_tls = { "-AUTH" }, after_tls = { "+AUTH CRAM-MD5 PLAIN" } }
on.auth:unless("mechanism", "PLAIN"):reply(432, "4.7.12", "A password transition is needed")

expect.outcome { "delivered", "temporary" }               -- PLAIN, inside TLS, once
expect.never { stage = "auth", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: AUTH CRAM-MD5
S: 334 ...
C: bWUgMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=
S: 432 4.7.12 A password transition is needed
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
