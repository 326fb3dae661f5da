scenario {
  title    = "The connection is reset after 8 KiB of the body",
  emulates = "a crash, a size cutoff, deep packet inspection",
  sources  = { "MailKit#709", "symfony PR#39597", "RFC 5321 section 3.8" },
  params   = {
    at = { "8KiB", "bytes of the body before the fault" },
    times = { 1, "messages that meet it" },
  },
  needs    = { size = "64KiB" },
}

on.content:first(params.times):at(params.at):reset()

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
S: <reset>
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
