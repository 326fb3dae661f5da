scenario {
  title    = "503 to DATA, although recipients were accepted",
  emulates = "a server that lost its state",
  sources  = { "go-guerrilla#100" },
  params   = { times = { 1, "messages that get it" } },
}

on.data:first(params.times):reply(503, "5.5.1", "Error: need RCPT command")

expect.outcome { "temporary", "permanent" }               -- and no byte of the body is sent

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 503 5.5.1 Error: need RCPT command
C: RSET
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
