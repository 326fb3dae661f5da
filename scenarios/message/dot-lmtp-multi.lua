scenario {
  title    = "LMTP: a reply for each recipient after the final dot, each in a segment of its own",
  emulates = "Dovecot, Cyrus: each mailbox is delivered to apart",
  sources  = { "RFC 2033 section 4.2", "OpenSMTPD#1276", "OpenSMTPD#699" },
  params   = { gap = { "200ms", "time before each reply" } },
  needs    = { rcpts = 2 },
}

doors { lmtp = { port = 24, protocol = "lmtp" } }
on.message:delay(params.gap)

expect.outcome "delivered"                                -- as many replies are read as recipients were accepted

example [[
S: 220 {host} LMTP
C: LHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<1@example.net>
S: 250 ...
C: RCPT TO:<2@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: <silence 190ms>
S: 250 ...
S: <silence 190ms>
S: 250 ...
S: <stored 2>
]]
