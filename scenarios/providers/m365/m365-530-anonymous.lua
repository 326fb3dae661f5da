scenario {
  title    = "530 to MAIL: not authenticated to send mail",
  emulates = "Microsoft 365, submission",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.mail:reply(530, "5.7.57", "Client not authenticated to send mail.")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 530 5.7.57 Client not authenticated to send mail.
]]
