scenario {
  title    = "454 to MAIL: the day's quota is used up",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide" },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.mail:reply(454, "Throttling failure: Daily message quota exceeded")

expect.outcome "temporary"                                -- for a day: stop the batch

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 454 Throttling failure: Daily message quota exceeded
]]
