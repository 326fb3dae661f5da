scenario {
  title    = "CHUNKING is offered, and BDAT gets 502",
  emulates = "a proxy in front of a server that knows it",
  sources  = { "MailKit 617, 657", "RFC 3030 section 4.2" },
}

capabilities { "+CHUNKING" }
on.command:verb("BDAT"):reply(502, "5.5.1", "Command not implemented")

expect.outcome { "delivered", "temporary" }               -- falls back to DATA, or gives up

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: BDAT 6 LAST
C: test
S: 502 5.5.1 Command not implemented
C: RSET
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
