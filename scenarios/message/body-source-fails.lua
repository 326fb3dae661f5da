scenario {
  title    = "A healthy server, for a message that its client can't read to the end",
  emulates = "every server: a final dot behind half a message makes a whole message of it",
  sources  = { "symfony/symfony#39597", "WCF#5057", "RFC 5321 section 4.1.1.4" },
}

-- The client is given a message with an attachment that fails while it is read, behind the 354. It closes the
-- connection without the final dot.
on.data:proceed()

expect.outcome { "temporary", "permanent" }
expect.never { stage = "message" }
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
C: Subject: half a message
C:
C: <close>
S: <stored 0>
]]
