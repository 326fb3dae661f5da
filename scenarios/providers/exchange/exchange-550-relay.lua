scenario {
  title    = "550 to a recipient: unable to relay",
  emulates = "Exchange Server",
  sources  = { "Microsoft's list of NDR codes in Exchange Server" },
}
provider "exchange"

on.rcpt:reply(550, "5.7.1", "Unable to relay")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 5.7.1 Unable to relay
]]
