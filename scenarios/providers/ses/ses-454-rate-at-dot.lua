scenario {
  title    = "454 after the final dot: the sending rate is exceeded",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide" },
  params   = { times = { 2, "messages that are refused" } },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.message:first(params.times):reply(454, "Throttling failure: Maximum sending rate exceeded")

expect.outcome "temporary"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 454 Throttling failure: Maximum sending rate exceeded
]]
