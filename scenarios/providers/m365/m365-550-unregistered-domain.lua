scenario {
  title    = "550 to MAIL: the sender's domain is not set up in the tenant",
  emulates = "Microsoft 365, submission (text approximate)",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.mail:reply(550, "5.7.750", "Service unavailable. Client blocked from sending from unregistered domains")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 550 5.7.750 Service unavailable. Client blocked from sending from unregistered domains
]]
