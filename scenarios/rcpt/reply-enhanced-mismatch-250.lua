scenario {
  title    = "250 with the enhanced code and the text of a refusal: 250 5.7.1 rejected",
  emulates = "sloppy policy daemons (text approximate)",
  sources  = { "RFC 5321 section 4.2" },
}

on.rcpt:reply(250, "5.7.1", "rejected")

expect.outcome "delivered"                                -- the reply code wins, the text never decides

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 5.7.1 rejected
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
