scenario {
  title    = "452 to the recipients above 100",
  emulates = "Gmail and Google Workspace, submission",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
  params   = { limit = { 100, "recipients a message may have" } },
  needs    = { rcpts = 101, tls = true, auth = true },
}
provider "gmail"

on.rcpt:after(params.limit):per("message"):reply(452, "4.5.3", "Your message has too many recipients. {id} - gsmtp")

expect.outcome "partial"

example { limit = 1, [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ...
C: RCPT TO:<b@example.net>
S: 250 2.1.5 OK ...
C: RCPT TO:<c@example.net>
S: 452 4.5.3 Your message has too many recipients. ... - gsmtp
]] }
