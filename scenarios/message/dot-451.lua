scenario {
  title    = "451 after the final dot: the queue cannot be written",
  emulates = "Postfix with a disk error",
  sources  = { "Postfix", "RFC 5321 section 4.2.3" },
  params   = { times = { 1, "messages refused before the server recovers" } },
}

on.message:first(params.times):reply(451, "4.3.0", "Error: queue file write error")

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
S: 451 4.3.0 Error: queue file write error
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
