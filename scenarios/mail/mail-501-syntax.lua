scenario {
  title    = "501 to MAIL with a space behind the colon, or without brackets",
  emulates = "strict servers; this server is one",
  sources  = { "JavaMail 4249046", "Postfix smtpd.c", "RFC 5321 section 3.3" },
}

on.mail:proceed()

expect.outcome "delivered"                                -- the command is written MAIL FROM:<a@example.com>

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM: <a@example.com>
S: 501 5.5.4 Syntax: MAIL FROM:<address>
C: MAIL FROM:a@example.com
S: 501 5.5.4 Syntax: MAIL FROM:<address>
C: MAIL FROM:<a b@example.com>
S: 501 5.1.7 Bad sender address syntax
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
