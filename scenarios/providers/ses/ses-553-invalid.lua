scenario {
  title    = "553 to a recipient: no valid address",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide" },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.rcpt:reply(553, "<{rcpt}> Invalid email address")

expect.outcome "permanent"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 553 <b@example.net> Invalid email address
]]
