scenario {
  title    = "A blank line comes before the 250 to the final dot",
  emulates = "a broken server or proxy",
  sources  = { "PHPMailer#1072", "nodemailer 68860b9" },
}

on.message:send("\r\n"):proceed()

expect.outcome "delivered"

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
C: .
S:
S: 250 ...
S: <stored 1>
]]
