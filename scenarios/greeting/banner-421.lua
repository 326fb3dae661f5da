scenario {
  title    = "421 instead of the greeting: too many connections",
  emulates = "Postfix anvil",
  sources  = { "Postfix smtpd", "PHPMailer#2211", "PHPMailer#2189" },
}

on.greeting:reply(421, "4.7.0", "{host} Error: too many connections from {peer}"):close()

expect.outcome "temporary"

example [[
S: 421 4.7.0 {host} Error: too many connections from {peer}
S: <close>
]]
