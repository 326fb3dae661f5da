scenario {
  title    = "552 after the final dot: the message is too long",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide" },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.message:reply(552, "Message is too long.")

expect.outcome "permanent"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 552 Message is too long.
]]
