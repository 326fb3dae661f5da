scenario {
  title    = "421 to a recipient: too many bad ones before",
  emulates = "Sendmail",
  sources  = { "sendmail src/srvrsmtp.c" },
}
provider "sendmail"

on.rcpt:reply(421, "4.7.0", "{host} Too many bad recipients; closing connection"):close()

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 421 4.7.0 {host} Too many bad recipients; closing connection
S: <close>
]]
