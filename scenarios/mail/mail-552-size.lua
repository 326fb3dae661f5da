scenario {
  title    = "552 to MAIL: the message is too large",
  emulates = "Exchange and Postfix, by the SIZE that the client declares",
  sources  = { "RFC 1870 section 6" },
}

on.mail:reply(552, "5.3.4", "Message size exceeds fixed maximum message size")

expect.outcome "permanent"
expect.never { stage = "data" }                           -- nothing is uploaded

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com> SIZE=9000000
S: 552 5.3.4 Message size exceeds fixed maximum message size
C: RCPT TO:<b@example.net>
S: 503 ...
]]
