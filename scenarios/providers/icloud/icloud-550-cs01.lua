scenario {
  title    = "550 after the final dot: local policy",
  emulates = "iCloud Mail",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "icloud"

on.message:reply(550, "5.7.1", "[CS01] Message rejected due to local policy.")

expect.outcome "permanent"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 550 5.7.1 [CS01] Message rejected due to local policy.
]]
