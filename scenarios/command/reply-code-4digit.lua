scenario {
  title    = "The reply has no code of three digits",
  emulates = "a wrong service",
  sources  = { "RFC 5321 section 4.2" },
  params   = {
    reply = { "2500 OK", "the reply; as wrong are: 25 OK, OK, +OK" },
    verb  = { "MAIL", "the command that gets it" },
  },
}

on.command:verb(params.verb):send(params.reply .. "\r\n")

expect.outcome "temporary"                                -- no success by its first characters

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 2500 OK
C: RCPT TO:<b@example.net>
S: 503 ...
]]
example { reply = "+OK", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: +OK
]] }
