scenario {
  title    = "421 after the final dot: deferred",
  emulates = "SendGrid",
  sources  = { "SendGrid's documentation" },
  needs    = { auth = true },
}
provider "sendgrid"

on.message:reply(421, "Message from ({peer}) temporarily deferred")

expect.outcome "temporary"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 421 Message from ({peer}) temporarily deferred
]]
