scenario {
  title    = "452 to MAIL: the spool is short of space",
  emulates = "Exim",
  sources  = { "Exim src/src/smtp_in.c" },
}
provider "exim"

on.mail:reply(452, "Space shortage, please try later")

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 452 Space shortage, please try later
]]
