scenario {
  title    = "550 to a recipient who is unknown",
  emulates = "Exim",
  sources  = { "Exim src/src/configure.default" },
}
provider "exim"

on.rcpt:reply(550, "Unknown user")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 Unknown user
]]
