scenario {
  title    = "421 instead of the greeting: try again later",
  emulates = "Gmail's guard against floods",
  sources  = { "sisimai Rhost/Google.pm" },
}

on.greeting:reply(421, "4.7.0", "Try again later, closing connection."):close()

expect.outcome "temporary"

example [[
S: 421 4.7.0 Try again later, closing connection.
S: <close>
]]
