scenario {
  title    = "452 after the final dot: too many messages a second",
  emulates = "Emailit",
  sources  = { "Emailit documentation" },
  params   = { times = { 1, "messages refused before the server recovers" } },
}

on.message:first(params.times):reply(452, "4.4.5", "Messages per second limit exceeded")

expect.outcome "temporary"

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
S: 452 4.4.5 Messages per second limit exceeded
S: <stored 0>
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
