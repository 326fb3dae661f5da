scenario {
  title    = "450 to a recipient whose domain was not found",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd_check.c", "django-oscar PR#2776" },
}
provider "postfix"

on.rcpt:reply(450, "4.1.2", "<{rcpt}>: Recipient address rejected: Domain not found")

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 450 4.1.2 <b@example.net>: Recipient address rejected: Domain not found
]]
