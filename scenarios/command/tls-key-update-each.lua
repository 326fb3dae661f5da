scenario {
  title    = "New keys before each reply",
  emulates = "a test of the client's stack",
  sources  = { "RFC 8446 section 4.6.3" },
  needs    = { tls = true },
}

on.command:where("tls", "TLSv1.3"):key_update():proceed()

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
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
