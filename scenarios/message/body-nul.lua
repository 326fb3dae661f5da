scenario {
  title    = "554 after the final dot to a message with a NUL in it",
  emulates = "servers that refuse NUL (text approximate)",
  sources  = { "RFC 5321 section 4.5.2", "RFC 5322 section 4" },
}

on.message:where("violations", "body_nul"):reply(554, "5.6.0", "NUL in the message")
on.message:proceed()

expect.outcome "delivered"                                -- a client encodes what holds NUL

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
