scenario {
  title    = "550 to MAIL: the account is blocked, it has sent spam",
  emulates = "Microsoft 365, submission",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.mail:reply(550, "5.1.8", "Access denied, bad outbound sender")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 550 5.1.8 Access denied, bad outbound sender
]]
