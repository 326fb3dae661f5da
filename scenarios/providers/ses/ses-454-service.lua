scenario {
  title    = "454 to MAIL: a temporary service failure",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide" },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.mail:reply(454, "Temporary service failure")

expect.outcome "temporary"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 454 Temporary service failure
]]
