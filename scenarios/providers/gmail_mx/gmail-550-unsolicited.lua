scenario {
  title    = "550 after the final dot: likely unsolicited mail",
  emulates = "Gmail's MX (layout approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

on.message:reply(550, "5.7.1", {
  "[{peer}] Our system has detected that this message is",
  " likely unsolicited mail. To reduce the amount of spam sent to Gmail,",
  " this message has been blocked. For more information, go to",
  " https://support.google.com/mail/?p=UnsolicitedMessageError {id} - gsmtp" })

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 250 2.1.5 OK ... - gsmtp
C: DATA
S: 354  Go ahead ... - gsmtp
C: .
S: 550-5.7.1 [{peer}] Our system has detected that this message is
S: 550-5.7.1  likely unsolicited mail. To reduce the amount of spam sent to Gmail,
S: 550-5.7.1  this message has been blocked. For more information, go to
S: 550 5.7.1  https://support.google.com/mail/?p=UnsolicitedMessageError ... - gsmtp
]]
