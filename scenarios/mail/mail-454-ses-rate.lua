scenario {
  title    = "454 to MAIL: the sending rate is exceeded",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide", "lago-api PR#4687" },
  params   = { times = { 2, "attempts that are refused" } },
}

on.mail:first(params.times):reply(454, "Throttling failure: Maximum sending rate exceeded")

expect.outcome "temporary"
expect.attempts { gap = "1s" }                            -- the guide advises 5 s, 10 s, 30 s

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 454 Throttling failure: Maximum sending rate exceeded
S: <silence 5s>
C: MAIL FROM:<a@example.com>
S: 454 ...
S: <silence 10s>
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
