scenario {
  title    = "454 to MAIL: the sending rate is exceeded",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide", "lago-api PR#4687" },
  params   = { times = { 2, "attempts that are refused" } },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.mail:first(params.times):reply(454, "Throttling failure: Maximum sending rate exceeded")

expect.outcome "temporary"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 454 Throttling failure: Maximum sending rate exceeded
]]
