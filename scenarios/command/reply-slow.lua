scenario {
  title    = "Every reply comes after 10 s",
  emulates = "a busy server, a tarpit",
  sources  = { "RFC 5321 section 4.5.3.2" },
  params   = { wait = { "10s", "time before each reply" } },
}

on.greeting:delay(params.wait)
on.command:delay(params.wait)
on.message:delay(params.wait)                             -- the final dot is no command

expect.outcome "delivered"                                -- timers run for each command, not for the session

example [[
S: <silence 9s>
S: 220 ...
C: EHLO client.example
S: <silence 9s>
S: 250 ...
C: MAIL FROM:<a@example.com>
S: <silence 9s>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: <silence 9s>
S: 354 ...
C: .
S: <silence 9s>
S: 250 ...
S: <stored 1>
]]
