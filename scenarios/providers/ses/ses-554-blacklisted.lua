scenario {
  title    = "554 after the final dot: the recipient is on the suppression list",
  emulates = "Amazon SES",
  sources  = { "emencia-django-newsletter#61" },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.message:reply(554, "Message rejected: Address blacklisted")

expect.outcome "permanent"                                -- SES of old; today it accepts, and bounces

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 554 Message rejected: Address blacklisted
]]
