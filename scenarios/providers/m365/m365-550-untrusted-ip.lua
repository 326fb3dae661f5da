scenario {
  title    = "550 to MAIL: no traffic is accepted from this address",
  emulates = "Microsoft 365, submission",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.mail:reply(550, "5.7.708", "Service unavailable. Access denied, traffic not accepted from this IP")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP
]]
