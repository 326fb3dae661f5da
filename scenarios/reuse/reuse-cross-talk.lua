scenario {
  title    = "Every recipient's reply takes 100 ms, while messages are sent side by side",
  emulates = "a busy server",
  sources  = { "nodemailer#265" },
  params   = { wait = { "100ms", "time before each recipient's reply" } },
  needs    = { messages = 2, connections = 2 },
}

on.rcpt:delay(params.wait)

expect.outcome "delivered"                                -- nobody gets another's message
expect.copies { at_least = 1, at_most = 1 }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: <silence 90ms>
S: 250 ...
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: MAIL FROM:<c@example.com>
S2: 250 ...
C2: RCPT TO:<d@example.net>
S2: <silence 90ms>
S2: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
C2: DATA
S2: 354 ...
C2: .
S2: 250 ...
S2: <stored 2>
]]
