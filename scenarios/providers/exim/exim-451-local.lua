scenario {
  title    = "451 to a recipient: a temporary local problem",
  emulates = "Exim (text approximate)",
  sources  = { "Exim src/src/acl.c" },
}
provider "exim"

on.rcpt:reply(451, "Temporary local problem - please try later")

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 451 Temporary local problem - please try later
]]
