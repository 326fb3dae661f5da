scenario {
  title    = "553 after the final dot: the sender is no alias of the login",
  emulates = "Zoho",
  sources  = { "mattermost#13224", "mybb#2644" },
}

on.message:reply(553, { "Relaying disallowed as {from}" })

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 553 Relaying disallowed as a@example.com
S: <stored 0>
]]
