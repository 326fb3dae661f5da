scenario {
  title    = "552 to MAIL: the message is larger than permitted",
  emulates = "Exim",
  sources  = { "Exim src/src/smtp_in.c" },
}
provider "exim"

on.mail:reply(552, "Message size exceeds maximum permitted")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 552 Message size exceeds maximum permitted
]]
