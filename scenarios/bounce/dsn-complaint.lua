scenario {
  title    = "A recipient calls the message spam",
  emulates = "a feedback loop",
  sources  = { "RFC 5965", "RFC 6449" },
  params   = { after = { "2s", "time from the final dot to the complaint" } },
  needs    = { bounces = true, messages = 2 },
}

on.rcpt:to("angry@*"):complaint{ type = "abuse", after = params.after }

expect.outcome "delivered"
expect.never { stage = "rcpt", to = "angry@*", after = "complaint" }   -- the address is suppressed

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<angry@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
S: <complaint angry@example.net>
]]
