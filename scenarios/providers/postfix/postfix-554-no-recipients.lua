scenario {
  title    = "554 to DATA: no valid recipients",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd.c" },
}
provider "postfix"

on.data:reply(554, "5.5.1", "Error: no valid recipients")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 554 5.5.1 Error: no valid recipients
]]
