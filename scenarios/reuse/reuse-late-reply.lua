scenario {
  title    = "The reply to RSET comes after 30 s, when many clients have sent the next command",
  emulates = "a tarpit",
  sources  = { "Postfix 20061203", "aiosmtplib 5.1.2" },
  params   = { wait = { "30s", "time before the reply to RSET" } },
  needs    = { messages = 2 },
}

on.rset:where("messages", 1):delay(params.wait)

expect.outcome { "delivered", "reconnects" }              -- a late reply is never the next command's

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
S: 250 ...
C: RSET
S: <silence 29s>
S: 250 2.0.0 Ok
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 2>
]]
