scenario {
  title    = "454 to MAIL: the quota of the day is used up",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide" },
}

on.mail:reply(454, "Throttling failure: Daily message quota exceeded")

expect.outcome "temporary"                                -- for up to 24 h; a batch stops here

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 454 Throttling failure: Daily message quota exceeded
]]
