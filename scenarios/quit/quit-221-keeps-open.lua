scenario {
  title    = "221 to QUIT, and the server leaves the connection open",
  emulates = "a server that waits for the client to close",
  sources  = { "RFC 5321 section 4.1.1.10" },
}

on.quit:discard()

expect.outcome "delivered"                                -- the client closes

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
C: QUIT
S: 221 ...
S: <silence 1m>
C: <close>
S: <stored 1>
]]
