scenario {
  title    = "250 after the final dot, and the message is not stored: the server lies",
  emulates = "a filter that drops mail in silence, a queue that is lost after the reply",
  sources  = { "RFC 5321 section 6.1" },
}

on.message:discard()

-- No outcome: a client that reports success is right, and has no way to know.
-- It is for what stands behind the client: does anybody notice mail that was accepted and never came?
expect.copies { at_most = 0 }

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
S: <stored 0>
]]
