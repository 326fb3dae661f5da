scenario {
  title    = "252 to every recipient: cannot verify, but will try",
  emulates = "a server that doesn't ask its backend (text approximate)",
  sources  = { "RFC 5321 section 3.5.3" },
}

on.rcpt:reply(252, "2.5.2", "Cannot verify the user, but will accept the message")

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 252 2.5.2 Cannot verify the user, but will accept the message
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
