scenario {
  title    = "450 to a recipient whose address could not be verified",
  emulates = "Postfix (end of the text approximate)",
  sources  = { "Postfix src/smtpd/smtpd_check.c" },
}
provider "postfix"

on.rcpt:reply(450, "4.1.1", "<{rcpt}>: Recipient address rejected: unverified address: Address verification in "
  .. "progress")

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 450 4.1.1 <b@example.net>: Recipient address rejected: unverified address: ...
]]
