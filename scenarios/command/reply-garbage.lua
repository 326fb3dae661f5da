scenario {
  title    = "Binary noise comes instead of a reply",
  emulates = "a broken server, a proxy that mixes up two connections",
  sources  = { "RFC 5321 section 4.2" },
  params   = { verb = { "MAIL", "the command that gets it" } },
}

on.command:verb(params.verb):send("\x9C\xFF\x00\xE2\x17\xFE\x03\x81\xC0\x7F\x92\xBD\x01\xF5\r\n")

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: ...
C: RCPT TO:<b@example.net>
S: 503 ...
]]
