scenario {
  title    = "The connection drops and nothing is stored where QUIT travels with the final dot",
  emulates = "broken servers",
  sources  = { "Postfix 20051229" },
}

on.message:where("pending", "QUIT*"):close()

expect.outcome { "delivered", "ambiguous" }               -- who waits for the dot's reply meets no fault

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
C: QUIT
S: <close>
S: <stored 0>
]]

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
C: QUIT
S: 221 ...
S: <close>
S: <stored 1>
]]
