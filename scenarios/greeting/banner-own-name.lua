scenario {
  title    = "The server greets with the client's own name",
  emulates = "a loop, or a proxy in front",
  sources  = { "Postfix 19990705" },
  params   = { name = { "localhost", "the name of the client's machine" } },
}

on.greeting:reply(220, params.name .. " ESMTP")

expect.outcome "delivered"                                -- a relay looks for loops in the reply to EHLO only

example [[
S: 220 localhost ESMTP
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
