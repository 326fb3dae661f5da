scenario {
  title    = "422 to every recipient, a code that no RFC names",
  emulates = "MailPace and others",
  sources  = { "stalwart#1108", "RFC 5321 section 4.2" },
}

on.rcpt:reply(422, "4.2.2", "Greylisted")

expect.outcome "temporary"                                -- the first digit decides

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 422 4.2.2 Greylisted
]]
