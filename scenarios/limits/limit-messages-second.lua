scenario {
  title    = "452 after the final dot beyond 2 messages a second",
  emulates = "Emailit",
  sources  = { "emailit.com/docs/dictionary/smtp-reply-codes" },
  params   = { limit = { 2, "messages a second" } },
  needs    = { messages = 3 },
}

limits {
  messages = { params.limit, "1s", at = "message", reply = { 452, "4.4.5", "Messages per second limit exceeded" } },
}

expect.outcome "temporary"

example { limit = 1, [[
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
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 452 4.4.5 Messages per second limit exceeded
S: <stored 1>
]] }
