scenario {
  title    = "504 to a recipient: the name in EHLO is not fully qualified",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd_check.c" },
}
provider "postfix"

on.rcpt:reply(504, "5.5.2", "<{helo}>: Helo command rejected: need fully-qualified hostname")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 504 5.5.2 <{helo}>: Helo command rejected: need fully-qualified hostname
]]
