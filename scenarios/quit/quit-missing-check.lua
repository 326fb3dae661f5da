scenario {
  title    = "The server waits for QUIT and takes 2 s to answer it",
  emulates = "servers that delay or drop the mail of clients that just hang up",
  sources  = { "win-acme#1567", "RFC 5321 section 4.1.1.10" },
  params   = { wait = { "2s", "time before the 221" } },
}

on.quit:delay(params.wait)

expect.outcome "delivered"
expect.commands "EHLO, MAIL, RCPT, DATA, QUIT"

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
S: <silence 1900ms>
S: 221 ...
S: <close>
S: <stored 1>
]]
