scenario {
  title    = "421 instead of the greeting: too many connections",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide" },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.greeting:reply(421, "Too many concurrent SMTP connections"):close()

expect.outcome "temporary"

example [[
S: 421 Too many concurrent SMTP connections
S: <close>
]]
