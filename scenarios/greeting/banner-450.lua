scenario {
  title    = "450 instead of the greeting",
  emulates = "odd servers",
  sources  = { "RFC 5321 section 4.2" },
}

on.greeting:reply(450, "4.3.2", "try later")
on.command:unless("verb", "QUIT"):reply(503, "5.5.1", "Bad sequence of commands")   -- whoever goes on

expect.outcome "temporary"

example [[
S: 450 4.3.2 try later
C: EHLO client.example
S: 503 5.5.1 ...
C: QUIT
S: 221 ...
S: <close>
]]
