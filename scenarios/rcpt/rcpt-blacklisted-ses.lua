scenario {
  title    = "554 after the final dot: the address is blacklisted",
  emulates = "Amazon SES, formerly: its suppression list",
  sources  = { "emencia-django-newsletter#61" },
}

on.message:reply(554, "Message rejected: Address blacklisted.")

expect.outcome "permanent"                                -- not tried for ever

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 554 Message rejected: Address blacklisted.
S: <stored 0>
]]
