scenario {
  title    = "550 to EHLO: access denied for its name",
  emulates = "the MX of Outlook.com and Microsoft 365",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
}
provider "outlook_mx"

on.helo:reply(550, "5.7.506", "Access denied, bad HELO")

expect.outcome "permanent"

example [[
S: 220 ...
C: EHLO client.example
S: 550 5.7.506 Access denied, bad HELO
]]
