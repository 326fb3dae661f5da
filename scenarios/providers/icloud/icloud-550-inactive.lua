scenario {
  title    = "550 to a recipient: inactive address",
  emulates = "iCloud Mail",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "icloud"

on.rcpt:reply(550, "5.1.1", "<{rcpt}>: inactive email address")

expect.outcome "permanent"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 5.1.1 <b@example.net>: inactive email address
]]
