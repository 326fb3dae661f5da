scenario {
  title    = "354 comes 100 s after DATA",
  emulates = "a server that scans or checks before it takes the body",
  sources  = { "RFC 5321 section 4.5.3.2.4" },
  params   = { wait = { "100s", "time before the 354" } },
}

on.data:delay(params.wait)

expect.outcome "delivered"                                -- a client waits 2 min at least

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: <silence 99s>
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
