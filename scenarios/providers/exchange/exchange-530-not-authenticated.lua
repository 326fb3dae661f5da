scenario {
  title    = "530 to MAIL: the client was not authenticated",
  emulates = "Exchange Server",
  sources  = { "Microsoft's list of NDR codes in Exchange Server" },
}
provider "exchange"

on.mail:reply(530, "5.7.1", "Client was not authenticated")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 530 5.7.1 Client was not authenticated
]]
