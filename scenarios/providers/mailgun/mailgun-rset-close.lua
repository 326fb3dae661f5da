scenario {
  title    = "RSET after a message gets FIN",
  emulates = "Mailgun",
  sources  = { "MailKit#1881" },
  needs    = { auth = true },
}
provider "mailgun"

on.rset:where("messages"):close()

expect.outcome "delivered"                                -- the message was accepted before

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 Sender address accepted
C: RCPT TO:<b@example.net>
S: 250 Recipient address accepted
C: DATA
S: 354 Continue
C: .
S: 250 Great success
C: RSET
S: <close>
]]
