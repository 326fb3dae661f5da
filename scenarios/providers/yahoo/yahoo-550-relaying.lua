scenario {
  title    = "550 to a recipient: relaying denied",
  emulates = "Yahoo Mail",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "yahoo"

on.rcpt:reply(550, "relaying denied for <{rcpt}>")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 relaying denied for <b@example.net>
]]
