scenario {
  title    = "554 to a recipient: relay access denied",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd_check.c" },
}
provider "postfix"

on.rcpt:reply(554, "5.7.1", "<{rcpt}>: Relay access denied")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 554 5.7.1 <b@example.net>: Relay access denied
]]
