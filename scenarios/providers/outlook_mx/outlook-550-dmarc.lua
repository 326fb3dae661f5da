scenario {
  title    = "550 after the final dot: the sender's domain does not pass DMARC",
  emulates = "the MX of Outlook.com and Microsoft 365",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
}
provider "outlook_mx"

on.message:reply(550, "5.7.509", "Access denied, sending domain [{from.domain}] does not pass DMARC verification")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 550 5.7.509 Access denied, sending domain [example.com] does not pass DMARC verification
]]
