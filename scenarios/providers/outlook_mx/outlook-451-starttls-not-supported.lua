scenario {
  title    = "451 to MAIL: STARTTLS is not supported on the way",
  emulates = "the MX of Outlook.com and Microsoft 365 (end of the text approximate)",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
}
provider "outlook_mx"

on.mail:reply(451, "4.7.321", "starttls-not-supported: Destination mail server must support TLS to receive mail.")

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 451 4.7.321 starttls-not-supported: Destination mail server must support TLS to receive mail.
]]
