scenario {
  title    = "452 to MAIL: not enough system resources",
  emulates = "Exchange Server",
  sources  = { "Microsoft's list of NDR codes in Exchange Server" },
  params   = { times = { 2, "attempts that are refused" } },
}
provider "exchange"

on.mail:first(params.times):reply(452, "4.3.1", "Insufficient system resources")

expect.outcome "temporary"                                -- back pressure: the disk or the memory is nearly full

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 452 4.3.1 Insufficient system resources
]]
