scenario {
  title    = "501 to a recipient in a domain without a dot",
  emulates = "Exchange Server",
  sources  = { "Microsoft's list of NDR codes in Exchange Server" },
}
provider "exchange"

on.rcpt:reply(501, "5.1.6", "Recipient addresses in single label domains not accepted")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 501 5.1.6 Recipient addresses in single label domains not accepted
]]
