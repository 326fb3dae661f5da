scenario {
  title    = "550 to a recipient who is unknown",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd_check.c" },
}
provider "postfix"

on.rcpt:reply(550, "5.1.1", "<{rcpt}>: Recipient address rejected: User unknown in local recipient table")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 5.1.1 <b@example.net>: Recipient address rejected: User unknown in local recipient table
]]
