scenario {
  title    = "454 after the final dot: the sending rate is exceeded",
  emulates = "Amazon SES",
  sources  = { "docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html" },
  params   = { times = { 1, "messages refused before the server recovers" } },
}

on.message:first(params.times)
  :reply(454, { "Throttling failure: Maximum sending rate exceeded" })

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
S: 454 Throttling failure: Maximum sending rate exceeded
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
