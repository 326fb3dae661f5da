scenario {
  title    = "553 to MAIL: relaying disallowed as this sender",
  emulates = "Zoho, where From is no alias of the account",
  sources  = { "mybb#2644", "erpnext#19057", "mattermost#13224" },
}

on.mail:reply(553, "Relaying disallowed as {from}")

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<a@example.com>
S: 553 Relaying disallowed as a@example.com
]]
