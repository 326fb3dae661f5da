scenario {
  title    = "451 to MAIL: access denied, try again later",
  emulates = "the MX of Outlook.com and Microsoft 365",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
}
provider "outlook_mx"

on.mail:reply(451, "4.7.500", "Access denied, please try again later")

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 451 4.7.500 Access denied, please try again later
]]
