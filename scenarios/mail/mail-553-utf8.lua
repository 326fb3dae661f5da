scenario {
  title    = "553 5.6.7 to an address outside ASCII that was not declared with SMTPUTF8",
  emulates = "Postfix; this server does so by itself",
  sources  = { "Postfix smtpd.c", "RFC 6531 section 3.5" },
}

on.mail:proceed()

expect.outcome { "delivered", "permanent" }               -- declares it, or says that it can't

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<δ@example.com>
S: 553 5.6.7 Must declare SMTPUTF8 to send unicode address
C: MAIL FROM:<δ@example.com> SMTPUTF8
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
