scenario {
  title    = "451 to a recipient: a temporary lookup failure",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd_check.c" },
}
provider "postfix"

on.rcpt:reply(451, "4.3.0", "<{rcpt}>: Temporary lookup failure")

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 451 4.3.0 <b@example.net>: Temporary lookup failure
]]
