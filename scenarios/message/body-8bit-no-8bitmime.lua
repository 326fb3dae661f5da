scenario {
  title    = "8BITMIME is not offered, and a message with 8-bit text gets 554",
  emulates = "old relays that refuse what they can't pass on (text approximate)",
  sources  = { "gen_smtp#7", "RFC 6152 section 3" },
}

capabilities { "-8BITMIME", "-SMTPUTF8" }
on.message:where("violations", "body_eight_bit"):reply(554, "5.6.3", "Conversion required but not supported")

expect.outcome "delivered"                                -- 8-bit text is encoded for such a server

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: Subject: hello
C:
C: Grüße
C: .
S: 554 5.6.3 Conversion required but not supported
S: <stored 0>
]]
