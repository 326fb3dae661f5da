scenario {
  title    = "250 to DATA where 354 is due",
  emulates = "a broken server",
  sources  = { "RFC 5321 section 4.1.1.4" },
}

on.data:reply(250, "2.0.0", "OK")                         -- what follows is read as commands

expect.outcome { "temporary", "permanent" }               -- a protocol error: the body is not sent

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 250 2.0.0 OK
C: Subject: hello
S: 500 ...
S: <stored 0>
]]
