scenario {
  title    = "EHLO gets one line: no extensions",
  emulates = "minimal servers",
  sources  = { "RFC 5321 section 4.1.1.1" },
}

on.helo:reply(250, "{host}")

expect.outcome { "delivered", "misconfigured" }           -- misconfigured: a client that must log in

example [[
S: 220 ...
C: EHLO client.example
S: 250 {host}
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
