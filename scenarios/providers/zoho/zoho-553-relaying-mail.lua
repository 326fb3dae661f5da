scenario {
  title    = "553 to MAIL: the sender is none of the account's addresses",
  emulates = "Zoho Mail",
  sources  = { "mybb#2644" },
  needs    = { tls = true, auth = true },
}
provider "zoho"

on.mail:reply(553, "Relaying disallowed as {from}")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 553 Relaying disallowed as a@example.com
]]
