scenario {
  title    = "354 to DATA with two spaces before its text",
  emulates = "Gmail",
  sources  = { "a session with smtp.gmail.com" },
}

on.data:accept():send("354  Go ahead {id} - gsmtp\r\n")

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
S: 354  Go ahead ... - gsmtp
C: .
S: 250 ...
S: <stored 1>
]]
