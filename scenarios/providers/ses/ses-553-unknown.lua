scenario {
  title    = "553 to a recipient: the address is unknown",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide" },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.rcpt:reply(553, "<{rcpt}> address unknown")

expect.outcome "permanent"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 553 <b@example.net> address unknown
]]
