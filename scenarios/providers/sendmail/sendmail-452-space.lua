scenario {
  title    = "452 to MAIL: not enough disk space",
  emulates = "Sendmail",
  sources  = { "sendmail src/srvrsmtp.c" },
}
provider "sendmail"

on.mail:reply(452, "4.4.5", "Insufficient disk space; try again later")

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 452 4.4.5 Insufficient disk space; try again later
]]
