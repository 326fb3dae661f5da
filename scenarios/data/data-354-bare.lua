scenario {
  title    = "354 to DATA without any text",
  emulates = "a minimal server",
  sources  = { "RFC 5321 section 4.2", "dart-mailer#41" },
}

on.data:reply(354, "")

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354
C: .
S: 250 ...
S: <stored 1>
]]
