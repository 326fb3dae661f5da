scenario {
  title    = "Every reply to RCPT takes 20 s",
  emulates = "a server that calls out to verify each address",
  sources  = { "RFC 5321 section 4.5.3.2.3", "PMail PR#361" },
  params   = { wait = { "20s", "time before each reply to RCPT" } },
  needs    = { rcpts = 5 },
}

on.rcpt:delay(params.wait)

expect.outcome "delivered"                                -- a timer for each command, not one for the session

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<1@example.net>
S: <silence 19s>
S: 250 ...
C: RCPT TO:<2@example.net>
S: <silence 19s>
S: 250 ...
]]
