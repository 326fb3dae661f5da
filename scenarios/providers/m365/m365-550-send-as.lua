scenario {
  title    = "550 to MAIL: no permission to send as this sender",
  emulates = "Microsoft 365, submission",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.mail:reply(550, "5.7.60", "SMTP; Client does not have permissions to send as this sender")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 550 5.7.60 SMTP; Client does not have permissions to send as this sender
]]
