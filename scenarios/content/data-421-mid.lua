scenario {
  title    = "421 after 8 KiB of the body, and the connection closes",
  emulates = "Postfix with a client that is too slow",
  sources  = { "Postfix smtpd.c", "RFC 5321 section 4.5.3.2.7" },
  params   = {
    at = { "8KiB", "bytes of the body before the fault" },
    times = { 1, "messages that meet it" },
  },
  needs    = { size = "64KiB" },
}

on.content:first(params.times):at(params.at)
  :reply(421, "4.4.2", "{host} Error: timeout exceeded"):close()

expect.outcome "temporary"

example { at = 1000, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: <body 2000>
S: 421 4.4.2 {host} Error: timeout exceeded
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
]] }
