scenario {
  title    = "421 to DATA: an error of the server's own",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd.c" },
}
provider "postfix"

on.data:reply(421, "4.3.0", "{host} Server local error"):close()

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 421 4.3.0 {host} Server local error
S: <close>
]]
