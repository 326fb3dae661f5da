scenario {
  title    = "554 after the final dot: the message looks like spam",
  emulates = "a content filter (text approximate)",
  sources  = { "RFC 5321 section 4.2.3" },
}

on.message:reply(554, "5.7.1", "Message rejected as spam")

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
S: 554 5.7.1 Message rejected as spam
S: <stored 0>
]]
