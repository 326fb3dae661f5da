scenario {
  title    = "No space between the code and the text of a reply",
  emulates = "broken servers",
  sources  = { "Postfix 20001202", "RFC 5321 section 4.2" },
  params   = {
    reply = { "250OK", "the reply; a tab instead of the space is as wrong" },
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
S: 250OK
C: RCPT TO:<b@example.net>
S: 503 ...
]]
