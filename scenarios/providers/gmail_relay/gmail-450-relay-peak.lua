scenario {
  title    = "450 to a recipient: the relay's peak limit is reached",
  emulates = "Google Workspace's SMTP relay",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_relay"

on.rcpt:reply(450, "4.2.1", "Peak SMTP relay limit exceeded for customer. This is a temporary error. {id} - gsmtp")

expect.outcome "temporary"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 450 4.2.1 Peak SMTP relay limit exceeded for customer. This is a temporary error. ... - gsmtp
]]
