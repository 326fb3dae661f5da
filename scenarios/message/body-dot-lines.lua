scenario {
  title    = "A healthy server, for a message with lines that begin with dots",
  emulates = "every server: the first dot of a line is the protocol's",
  sources  = { "RFC 5321 section 4.5.2", "lettre#803", "gcourier#11", "Postfix 19980709" },
}

-- The client is given a message with the lines ".", "..", ".foo", one behind the other.
expect.outcome "delivered"
expect.delivered { contains = "\r\n.\r\n..\r\n.foo\r\n" }

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
C: Subject: dots
C:
C: first
C: ..
C: ...
C: ..foo
C: last
C: .
S: 250 ...
S: <stored 1>
]]
