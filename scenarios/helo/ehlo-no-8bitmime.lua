scenario {
  title    = "8BITMIME and SMTPUTF8 are not offered",
  emulates = "old relays",
  sources  = { "gen_smtp#7", "RFC 6152 section 3" },
}

capabilities { "-8BITMIME", "-SMTPUTF8" }

expect.outcome { "delivered", "permanent" }               -- 8-bit text is encoded again, or not sent at all

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
