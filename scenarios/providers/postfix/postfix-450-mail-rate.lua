scenario {
  title    = "450 to MAIL: too much mail from this client",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd.c" },
}
provider "postfix"

on.mail:reply(450, "4.7.1", "Error: too much mail from {peer}")

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 450 4.7.1 Error: too much mail from {peer}
]]
