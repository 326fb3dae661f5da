scenario {
  title    = "The message is stored at once, and its 250 comes 9 min 50 s later",
  emulates = "a slow content scanner, within what the RFC allows",
  sources  = { "RFC 5321 section 4.5.3.2.6", "RFC 1047" },
  params   = { wait = { "590s", "time from the final dot to the 250" } },
}

on.message:accept():delay(params.wait)

expect.outcome "delivered"                                -- 10 min are due; who gives up and retries doubles it

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
S: <silence 9m>
S: <silence 49s>
S: 250 ...
S: <stored 1>
]]
