scenario {
  title    = "The EHLO reply breaks off after two characters, then silence",
  emulates = "a dying server",
  sources  = { "aiosmtplib 5.1.2" },
}

on.helo:send("25"):stall()

expect.outcome "temporary"                                -- and the connection is not used again

example [[
S: 220 ...
C: EHLO client.example
S: 25<cut>
S: <silence 5m>
C: <close>
]]
