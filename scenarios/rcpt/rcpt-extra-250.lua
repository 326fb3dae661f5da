scenario {
  title    = "The reply to one RCPT of a group is missing",
  emulates = "a broken proxy",
  sources  = { "MailKit#1221" },
  needs    = { rcpts = 3 },
}

on.rcpt:nth(2):per("message"):accept():no_reply()

expect.outcome "temporary"                                -- no reply is taken for another's

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
C: RCPT TO:<b@example.net>
C: RCPT TO:<c@example.net>
C: RCPT TO:<d@example.net>
S: 250 2.1.0 ...
S: 250 2.1.5 ...
S: 250 2.1.5 ...
S: <silence 5m>
]]
