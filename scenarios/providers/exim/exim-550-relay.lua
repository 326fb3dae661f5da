scenario {
  title    = "550 to a recipient: relay not permitted",
  emulates = "Exim",
  sources  = { "Exim src/src/configure.default" },
}
provider "exim"

on.rcpt:reply(550, "relay not permitted")

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 relay not permitted
]]
