scenario {
  title    = "Replies are bare codes, without text",
  emulates = "Yandex, servers with an empty text",
  sources  = { "RFC 5321 section 4.2", "PHPMailer#1017", "enough_mail#284" },
}

on.mail:reply(250, "")
on.rcpt:reply(250, "")
on.data:reply(354, "")
on.message:reply(250, "")
on.rset:reply(250, "")
on.quit:reply(221, "")

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250
C: RCPT TO:<b@example.net>
S: 250
C: DATA
S: 354
C: .
S: 250
S: <stored 1>
C: QUIT
S: 221
S: <close>
]]
