scenario {
  title    = "QUIT gets no reply, and the connection stays open",
  emulates = "a server that hangs",
  sources  = { "OpenSMTPD#801", "curl#3264", "RFC 5321 section 4.1.1.10" },
}

on.quit:stall()

expect.outcome "delivered"
expect.client { within = "60s" }                          -- 5 s to 10 s are enough for a goodbye

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
S: <silence 1m>
C: <close>
S: <stored 1>
]]
