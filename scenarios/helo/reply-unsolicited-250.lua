scenario {
  title    = "A second 250 follows the EHLO reply",
  emulates = "an attack that pairs each reply with the wrong command",
  sources  = { "aiosmtplib 320180e" },
}

on.helo:proceed():send("250 ok\r\n")                      -- who takes it for MAIL's reads 250 after DATA

expect.outcome "temporary"                                -- one reply too many: close

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
S: 250 ok
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 ...
]]
