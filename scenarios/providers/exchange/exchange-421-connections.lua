scenario {
  title    = "421 instead of the greeting: too many connections",
  emulates = "Exchange Server",
  sources  = { "Ombi#4429", "email-templates#469" },
}
provider "exchange"

on.greeting:reply(421, "4.3.2", "The maximum number of concurrent connections has exceeded a limit, closing "
  .. "transmission channel"):close()

expect.outcome "temporary"

example [[
S: 421 4.3.2 The maximum number of concurrent connections has exceeded a limit, ...
S: <close>
]]
