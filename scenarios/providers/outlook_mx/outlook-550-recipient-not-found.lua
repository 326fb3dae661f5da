scenario {
  title    = "550 to a recipient who is not found",
  emulates = "the MX of Outlook.com and Microsoft 365",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
}
provider "outlook_mx"

on.rcpt:reply(550, "5.1.10", "RESOLVER.ADR.RecipientNotFound; Recipient {rcpt} not found by SMTP address lookup")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient b@example.net not found by SMTP address lookup
]]
