scenario {
  title    = "The reply to the first MAIL comes after 90 s, when many clients have given up",
  emulates = "a tarpit",
  sources  = { "Postfix 20061203" },
  params   = { wait = { "90s", "time before the reply" }, times = { 1, "replies that are late" } },
}

on.mail:first(params.times):delay(params.wait)

expect.outcome { "delivered", "temporary" }               -- 5 min are due; a late reply is never the next command's

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: <silence 89s>
S: 250 2.1.0 Ok
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
