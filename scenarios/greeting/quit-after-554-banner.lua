scenario {
  title    = "554 instead of the greeting; the server waits for QUIT",
  emulates = "a host that takes no mail",
  sources  = { "mail-api#295", "RFC 5321 section 3.1" },
}

on.greeting:reply(554, "5.7.1", "{host} No SMTP service here")
on.command:unless("verb", "QUIT"):reply(503, "5.5.1", "Bad sequence of commands")

expect.outcome { "permanent", "temporary" }               -- temporary: a relay tries the next exchanger
expect.commands "QUIT"

example [[
S: 554 5.7.1 {host} No SMTP service here
C: QUIT
S: 221 ...
S: <close>
]]
