scenario {
  title    = "550 to a recipient who is unknown",
  emulates = "Exchange Server",
  sources  = { "Microsoft's list of NDR codes in Exchange Server" },
}
provider "exchange"

on.rcpt:reply(550, "5.1.1", "User unknown")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 5.1.1 User unknown
]]
