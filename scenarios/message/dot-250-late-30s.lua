scenario {
  title    = "The message is stored at once, and its 250 comes 30 s later",
  emulates = "a content scanner",
  sources  = { "RFC 5321 section 4.5.3.2.6", "PHPMailer#1072", "mantisbt PR#790" },
  params   = { wait = { "30s", "time from the final dot to the 250" } },
}

on.message:accept():delay(params.wait)

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
S: <stored 1>
S: <silence 29s>
S: 250 ...
S: <stored 1>
]]
