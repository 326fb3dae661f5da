scenario {
  title    = "A reply has a NUL in its text",
  emulates = "a hostile server",
  sources  = { "curl PR#21996" },
  params   = { verb = { "MAIL", "the command that gets it" } },
}

on.command:verb(params.verb):send("250 2.1.0 O\0k\r\n")

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 O...k
]]
