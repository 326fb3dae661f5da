scenario {
  title    = "501 to EHLO: the name is no domain",
  emulates = "Exchange Server",
  sources  = { "Microsoft's list of NDR codes in Exchange Server" },
}
provider "exchange"

on.helo:reply(501, "5.5.4", "Invalid domain name")

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 501 5.5.4 Invalid domain name
]]
