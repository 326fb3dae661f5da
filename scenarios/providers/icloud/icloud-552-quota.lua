scenario {
  title    = "552 to a recipient: over quota",
  emulates = "iCloud Mail",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "icloud"

on.rcpt:reply(552, "5.2.2", "<{rcpt}>: user is over quota")

expect.outcome "permanent"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 552 5.2.2 <b@example.net>: user is over quota
]]
