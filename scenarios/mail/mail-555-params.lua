scenario {
  title    = "555 to MAIL with any parameter, although the parameters are offered",
  emulates = "an old server or proxy",
  sources  = { "Postfix 20111102", "MailKit 1104", "RFC 5321 section 4.1.1.11" },
}

on.mail:where("line", "*> ?*"):reply(555, "5.5.2", "Syntax error")

expect.outcome { "delivered", lax = "permanent" }         -- once more without them

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com> SIZE=100 BODY=8BITMIME
S: 555 5.5.2 Syntax error
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
