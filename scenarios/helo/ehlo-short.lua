scenario {
  title    = "The reply to EHLO is two or three digits and no more",
  emulates = "a broken server",
  sources  = { "curl oss-fuzz 16918", "RFC 5321 section 4.2" },
  params   = { reply = { "25", "the whole reply; 250 is as short" } },
}

on.helo:send(params.reply .. "\r\n")

expect.outcome { "temporary", "delivered" }               -- a clean error, or HELO; no hang

example [[
S: 220 ...
C: EHLO client.example
S: 25
]]
example { reply = "250", [[
S: 220 ...
C: EHLO client.example
S: 250
]] }
