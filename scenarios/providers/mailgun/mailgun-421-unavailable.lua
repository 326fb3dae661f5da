scenario {
  title    = "421 instead of the greeting: temporarily unavailable",
  emulates = "Mailgun",
  sources  = { "swapmyvote#295" },
  needs    = { auth = true },
}
provider "mailgun"

on.greeting:reply(421, "Mailgun temporarily unavailable, please try again later."):close()

expect.outcome "temporary"

example [[
S: 421 Mailgun temporarily unavailable, please try again later.
S: <close>
]]
