scenario {
  title    = "554 after the final dot: the message is malformed",
  emulates = "Gmail",
  sources  = { "support.google.com/a/answer/3726730" },
}

on.message:reply(554, "5.6.0", "Mail message is malformed. Not accepted.")

expect.outcome "permanent"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 554 5.6.0 Mail message is malformed. Not accepted.
S: <stored 0>
]]
