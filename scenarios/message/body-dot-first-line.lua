scenario {
  title    = "A healthy server, for a message whose text begins with a line of a single dot",
  emulates = "every server: a dot that isn't doubled ends the message there",
  sources  = { "RFC 5321 section 4.5.2", "curl#2304", "lettre#803", "MailKit#788" },
}

-- The client is given a message whose first line behind the header is ".", and more lines behind that.
expect.outcome "delivered"
expect.delivered { contains = "\r\n\r\n.\r\n" }

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
C: Subject: a dot
C:
C: ..
C: more
C: .
S: 250 ...
S: <stored 1>
]]
