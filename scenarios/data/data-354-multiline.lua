scenario {
  title    = "354 to DATA in two lines",
  emulates = "servers that say more than they need",
  sources  = { "dart-mailer#41", "RFC 5321 section 4.2.1" },
}

on.data:reply(354, { "Go", "ahead" })

expect.outcome "delivered"                                -- no body before the last line

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354-Go
S: 354 ahead
C: .
S: 250 ...
S: <stored 1>
]]
