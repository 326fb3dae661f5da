scenario {
  title    = "550 to a recipient who is unknown",
  emulates = "Sendmail (text approximate)",
  sources  = { "sendmail src/recipient.c" },
}
provider "sendmail"

on.rcpt:reply(550, "5.1.1", "<{rcpt}>... User unknown")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 5.1.1 <b@example.net>... User unknown
]]
