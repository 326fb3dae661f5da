scenario {
  title    = "A blank line precedes every reply",
  emulates = "buggy proxies",
  sources  = { "nodemailer 68860b9", "PHPMailer#1072" },
}

on.command:send("\r\n"):proceed()                         -- the command's own stage follows

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S:
S: 250 ...
C: MAIL FROM:<a@example.com>
S:
S: 250 2.1.0 ...
C: RCPT TO:<b@example.net>
S:
S: 250 2.1.5 ...
]]
