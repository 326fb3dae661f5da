scenario {
  title    = "A reply's code begins with 6",
  emulates = "garbage",
  sources  = { "RFC 5321 section 4.2" },
  params   = {
    reply = { "650 x", "the reply; 150 wait is as unknown to SMTP" },
    verb  = { "MAIL", "the command that gets it" },
  },
}

on.command:verb(params.verb):send(params.reply .. "\r\n")

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 650 x
]]
example { reply = "150 wait", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 150 wait
S: <silence 1m>
]] }
