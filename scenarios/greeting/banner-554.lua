scenario {
  title    = "554 instead of the greeting, and the server waits for QUIT",
  emulates = "a host that takes no mail, by policy",
  sources  = { "RFC 5321 section 3.1", "mail-api#295" },
}

on.greeting:reply(554, "5.7.1", "{host} No SMTP service here")
on.command:unless("verb", "QUIT"):reply(503, "5.5.1", "Bad sequence of commands")

expect.outcome { "permanent", "temporary" }               -- temporary: a relay tries the next exchanger

example [[
S: 554 5.7.1 {host} No SMTP service here
C: EHLO client.example
S: 503 5.5.1 ...
C: QUIT
S: 221 ...
S: <close>
]]
