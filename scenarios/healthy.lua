scenario {
  title    = "A healthy server",
  emulates = "a server that keeps to the RFCs",
  sources  = { "RFC 5321", "RFC 4954" },
}

expect.outcome "delivered"
expect.copies { at_least = 1, at_most = 1 }

example [[
S: 220 {host} ESMTP
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 2.7.0 ...
C: MAIL FROM:<user@example.com>
S: 250 2.1.0 ...
C: RCPT TO:<b@example.net>
S: 250 2.1.5 ...
C: DATA
S: 354 ...
C: Subject: Hello
C:
C: A line,
C: ..and one that began with a dot.
C: .
S: 250 2.0.0 ...
S: <stored 1>
C: QUIT
S: 221 2.0.0 ...
S: <close>
]]
