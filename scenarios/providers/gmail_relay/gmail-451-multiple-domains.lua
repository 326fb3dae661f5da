scenario {
  title    = "451 to a recipient in a second domain",
  emulates = "Google Workspace's SMTP relay",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
  needs    = { rcpts = 2 },
}
provider "gmail_relay"

on.rcpt:after(1):per("message"):reply(451, "4.3.0", "Multiple destination domains per transaction is unsupported. "
  .. "Please try again. {id} - gsmtp")

expect.outcome "partial"                                  -- the others in a transaction for each domain

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ...
C: RCPT TO:<b@example.net>
S: 250 2.1.5 OK ...
C: RCPT TO:<c@example.org>
S: 451 4.3.0 Multiple destination domains per transaction is unsupported. Please try again. ...
]]
