scenario {
  title    = "451 to a recipient: the server cannot look it up just now",
  emulates = "Postfix whose table or database is down",
  sources  = { "Postfix smtpd_check.c", "RFC 5321 section 4.2.3" },
  params   = { times = { 1, "recipients refused before the server recovers" } },
}

on.rcpt:first(params.times):reply(451, "4.3.0", "<{rcpt}>: Temporary lookup failure")

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 451 4.3.0 <b@example.net>: Temporary lookup failure
C: RCPT TO:<b@example.net>
S: 250 ...
]]
