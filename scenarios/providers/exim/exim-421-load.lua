scenario {
  title    = "421 instead of the greeting: too much load",
  emulates = "Exim",
  sources  = { "Exim src/src/smtp_in.c" },
}
provider "exim"

on.greeting:reply(421, "{host}: Too much load; please try again later"):close()

expect.outcome "temporary"

example [[
S: 421 {host}: Too much load; please try again later
S: <close>
]]
