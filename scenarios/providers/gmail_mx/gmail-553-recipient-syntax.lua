scenario {
  title    = "553 to a recipient: no valid address",
  emulates = "Gmail's MX",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

on.rcpt:reply(553, "5.1.3", "The recipient address <{rcpt}> is not a valid RFC 5321 address {id} - gsmtp")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 553 5.1.3 The recipient address <b@example.net> is not a valid RFC 5321 address ... - gsmtp
]]
