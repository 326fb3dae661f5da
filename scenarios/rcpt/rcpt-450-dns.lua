scenario {
  title    = "450 to a recipient: its domain is not found",
  emulates = "Postfix whose resolver fails, or a misspelt domain",
  sources  = { "django-oscar PR#2776", "Postfix smtpd_check.c" },
  params   = { times = { 1, "tries of a recipient before it is taken" } },
}

on.rcpt:first(params.times):per("rcpt"):reply(450, "4.1.2", "<{rcpt}>: Recipient address rejected: Domain not found")

expect.outcome "temporary"                                -- tried again, but not for ever

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 450 4.1.2 <b@example.net>: Recipient address rejected: Domain not found
C: RCPT TO:<b@example.net>
S: 250 ...
]]
