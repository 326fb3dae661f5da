scenario {
  title    = "452 after the final dot: the server's disk is full",
  emulates = "a server short of space (text approximate)",
  sources  = { "RFC 5321 section 4.2.3" },
  params   = { times = { 1, "messages refused before the server recovers" } },
}

on.message:first(params.times):reply(452, "4.3.1", "Insufficient system storage")

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
S: 452 4.3.1 Insufficient system storage
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
