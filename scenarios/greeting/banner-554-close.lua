scenario {
  title    = "554 instead of the greeting, then FIN",
  emulates = "Postfix under stress, iCloud",
  sources  = { "Postfix smtpd", "sisimai Rhost/Apple.pm" },
}

on.greeting:reply(554, "{host} ESMTP not accepting connections"):close()

expect.outcome { "permanent", "temporary" }               -- temporary: a relay tries the next exchanger

example [[
S: 554 {host} ESMTP not accepting connections
S: <close>
]]
