scenario {
  title    = "The greeting is the bare code 220",
  emulates = "minimal servers",
  sources  = { "Postfix 19981030", "RFC 5321 section 4.2" },
}

on.greeting:reply(220, "")

expect.outcome "delivered"

example [[
S: 220
C: EHLO client.example
S: 250 ...
]]
