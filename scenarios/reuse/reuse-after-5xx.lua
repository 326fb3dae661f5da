scenario {
  title    = "The recipient of the first message is refused, and the transaction stays open until RSET",
  emulates = "any server",
  sources  = { "PHPMailer#2137", "nodemailer#261" },
  needs    = { messages = 2 },
}

on.rcpt:where("message", 1):reply(550, "5.1.1", "<{rcpt}>: Recipient address rejected: User unknown")

expect.outcome { "delivered", "permanent" }               -- permanent for the first; the second comes through after RSET

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 ...
C: MAIL FROM:<a@example.com>
S: 503 5.5.1 Error: nested MAIL command
C: RSET
S: 250 ...
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
