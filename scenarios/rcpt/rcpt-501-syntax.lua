scenario {
  title    = "501 to a recipient: the syntax of its address is bad",
  emulates = "a server that finds fault with an address",
  sources  = { "onlineweb4#732", "Postfix smtpd.c" },
}

on.rcpt:first(1):reply(501, "5.1.3", "Bad recipient address syntax")

expect.outcome { "permanent", "partial" }                 -- of one recipient; the others get their mail

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 501 5.1.3 Bad recipient address syntax
C: RCPT TO:<c@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
