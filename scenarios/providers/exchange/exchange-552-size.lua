scenario {
  title    = "552 to MAIL: the declared size is over the limit",
  emulates = "Exchange Server",
  sources  = { "Microsoft's list of NDR codes in Exchange Server" },
}
provider "exchange"

on.mail:reply(552, "5.3.4", "Message size exceeds fixed maximum message size")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 552 5.3.4 Message size exceeds fixed maximum message size
]]
