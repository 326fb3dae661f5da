scenario {
  title    = "450 after the final dot",
  emulates = "a filter that defers (text approximate)",
  sources  = { "RFC 5321 section 4.2.3" },
  params   = { times = { 1, "messages refused before the server recovers" } },
}

on.message:first(params.times)
  :reply(450, "4.2.0", "Requested mail action not taken: mailbox unavailable")

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
S: 450 4.2.0 ...
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
