scenario {
  title    = "550 to MAIL: the tenant has exceeded a threshold",
  emulates = "Microsoft 365, submission",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.mail:reply(550, "5.7.705", "Access denied, tenant has exceeded threshold")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 550 5.7.705 Access denied, tenant has exceeded threshold
]]
