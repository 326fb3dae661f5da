scenario {
  title    = "550 to a recipient who does not exist",
  emulates = "Gmail's MX",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730",
               "a session with a Google MX host" },
}
provider "gmail_mx"

on.rcpt:reply(550, "5.1.1", {
  "The email account that you tried to reach does not exist. Please try",
  " double-checking the recipient's email address for typos or",
  " unnecessary spaces. For more information, go to",
  " https://support.google.com/mail/?p=NoSuchUser {id} - gsmtp" })

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 550-5.1.1 The email account that you tried to reach does not exist. Please try
S: 550-5.1.1  double-checking the recipient's email address for typos or
S: 550-5.1.1  unnecessary spaces. For more information, go to
S: 550 5.1.1  https://support.google.com/mail/?p=NoSuchUser ... - gsmtp
]]
