scenario {
  title    = "421 instead of the greeting: the service is not available",
  emulates = "Exchange Server",
  sources  = { "Microsoft's list of NDR codes in Exchange Server" },
}
provider "exchange"

on.greeting:reply(421, "4.3.2", "Service not available"):close()

expect.outcome "temporary"

example [[
S: 421 4.3.2 Service not available
S: <close>
]]
