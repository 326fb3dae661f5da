scenario {
  title    = "250 after the final dot, then a 421 that nobody asked for, and the connection closes",
  emulates = "a server that shuts down (text approximate)",
  sources  = { "filtermail#143", "RFC 5321 section 3.8" },
}

on.message:proceed():send("421 4.3.2 Service shutting down\r\n"):close()

expect.outcome "delivered"

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
S: 421 4.3.2 Service shutting down
S: <close>
S: <stored 1>
]]
