scenario {
  title    = "The greeting says SMTP, not ESMTP",
  emulates = "old servers",
  sources  = { "Postfix smtp_always_ehlo", "RFC 5321 section 3.2" },
}

on.greeting:reply(220, "{host} SMTP")

expect.outcome "delivered"
expect.commands "EHLO"                                    -- the greeting's text says nothing about extensions

example [[
S: 220 {host} SMTP
C: EHLO client.example
S: 250 ...
]]
