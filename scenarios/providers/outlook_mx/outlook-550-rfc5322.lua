scenario {
  title    = "550 after the final dot: the From header isn't as RFC 5322 has it",
  emulates = "the MX of Outlook.com and Microsoft 365 (beginning of the text approximate)",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
}
provider "outlook_mx"

on.message:reply(550, "5.7.512", "Access denied, message must be RFC 5322 section 3.6.2 compliant")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 550 5.7.512 Access denied, message must be RFC 5322 section 3.6.2 compliant
]]
