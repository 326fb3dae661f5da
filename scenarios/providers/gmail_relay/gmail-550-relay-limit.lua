scenario {
  title    = "550 to MAIL: the day's limit of the relay for this user is reached",
  emulates = "Google Workspace's SMTP relay (end of the text approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_relay"

on.mail:reply(550, "5.4.5", "Daily SMTP relay limit exceeded for user. https://support.google.com/a/answer/166852 "
  .. "{id} - gsmtp")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 550 5.4.5 Daily SMTP relay limit exceeded for user. ...
]]
