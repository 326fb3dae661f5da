scenario {
  title    = "221 to QUIT, then FIN",
  emulates = "any server",
  sources  = { "RFC 5321 section 4.1.1.10" },
}

on.quit:reply(221, "2.0.0", "{host} closing connection")

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
C: QUIT
S: 221 2.0.0 {host} closing connection
S: <close>
S: <stored 1>
]]
