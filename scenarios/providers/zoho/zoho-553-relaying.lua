scenario {
  title    = "553 after the final dot: the From address is none of the account's",
  emulates = "Zoho Mail",
  sources  = { "mattermost#13224", "erpnext#19057" },
  needs    = { tls = true, auth = true },
}
provider "zoho"

on.message:reply(553, "Relaying disallowed as {from}")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 553 Relaying disallowed as a@example.com
]]
