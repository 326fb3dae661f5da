scenario {
  title    = "550 without the enhanced code that EHLO promised",
  emulates = "many servers",
  sources  = { "RFC 2034 section 4" },
}

on.rcpt:reply(550, "No")

expect.outcome "permanent"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 No
]]
