scenario {
  title    = "452 to a recipient: too many this hour",
  emulates = "SendGrid",
  sources  = { "SendGrid's documentation" },
  needs    = { auth = true },
}
provider "sendgrid"

on.rcpt:reply(452, "Too many recipients received this hour (throttled)")

expect.outcome "temporary"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 452 Too many recipients received this hour (throttled)
]]
