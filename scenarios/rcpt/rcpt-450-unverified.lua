scenario {
  title    = "450 to a recipient: its address could not be verified",
  emulates = "Postfix with reject_unverified_recipient",
  sources  = { "Postfix smtpd_check.c" },
  params   = { times = { 1, "tries of a recipient before it is taken" } },
}

on.rcpt:first(params.times):per("rcpt")
  :reply(450, "4.1.1", "<{rcpt}>: Recipient address rejected: unverified address: Address verification in progress")

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 450 4.1.1 <b@example.net>: Recipient address rejected: unverified address: ...
C: RCPT TO:<b@example.net>
S: 250 ...
]]
