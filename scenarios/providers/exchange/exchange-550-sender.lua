scenario {
  title    = "550 to MAIL: the sender is no valid address",
  emulates = "Exchange Server",
  sources  = { "Microsoft's list of NDR codes in Exchange Server" },
}
provider "exchange"

on.mail:reply(550, "5.1.7", "Invalid address")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 550 5.1.7 Invalid address
]]
