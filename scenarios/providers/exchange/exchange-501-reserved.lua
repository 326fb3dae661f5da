scenario {
  title    = "501 to a recipient in a domain that RFC 2606 reserves",
  emulates = "Exchange Server",
  sources  = { "Microsoft's list of NDR codes in Exchange Server", "frappe PR#8514" },
}
provider "exchange"

on.rcpt:reply(501, "5.1.5", "Recipient address reserved by RFC 2606")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 501 5.1.5 Recipient address reserved by RFC 2606
]]
