scenario {
  title    = "299 to every recipient, a code that no RFC names",
  emulates = "a server with codes of its own (text approximate)",
  sources  = { "RFC 5321 section 4.2" },
}

on.rcpt:reply(299, { "Fine" })

expect.outcome "delivered"                                -- the first digit decides

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 299 Fine
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
