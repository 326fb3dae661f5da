scenario {
  title    = "A reply begins with 250- and ends with 550",
  emulates = "a proxy that merges two replies",
  sources  = { "RFC 5321 section 4.2.1" },
  params   = { verb = { "MAIL", "the command that gets it" } },
}

on.command:verb(params.verb):send("250-first\r\n550 last\r\n")

expect.outcome { "temporary", "permanent" }               -- a broken reply, or the last line's code

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250-first
S: 550 last
C: RCPT TO:<b@example.net>
S: 503 ...
]]
