scenario {
  title    = "550 to MAIL: administrative prohibition",
  emulates = "Exim",
  sources  = { "Exim src/src/smtp_in.c" },
}
provider "exim"

on.mail:reply(550, "Administrative prohibition")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 550 Administrative prohibition
]]
