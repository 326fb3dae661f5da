scenario {
  title    = "421 after the final dot: an unusual rate of mail from this address",
  emulates = "Gmail (end of the text left out)",
  sources  = { "support.google.com/a/answer/3726730" },
  params   = { times = { 1, "messages refused before the server recovers" } },
}

on.message:first(params.times)
  :reply(421, "4.7.28", "Gmail has detected an unusual rate of mail originating from your IP address."):close()

expect.outcome "temporary"

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
S: 421 4.7.28 Gmail has detected an unusual rate of mail originating from your IP address.
S: <close>
S: <stored 0>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: MAIL FROM:<a@example.com>
S2: 250 ...
C2: RCPT TO:<b@example.net>
S2: 250 ...
C2: DATA
S2: 354 ...
C2: .
S2: 250 ...
S2: <stored 1>
]]
