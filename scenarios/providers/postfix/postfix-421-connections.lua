scenario {
  title    = "421 instead of the greeting: too many connections",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd.c" },
}
provider "postfix"

on.greeting:reply(421, "4.7.0", "{host} Error: too many connections from {peer}"):close()

expect.outcome "temporary"

example [[
S: 421 4.7.0 {host} Error: too many connections from {peer}
S: <close>
]]
