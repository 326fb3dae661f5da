scenario {
  title    = "LMTP: after the final dot one recipient gets 452, the others 250",
  emulates = "Dovecot, Cyrus: a mailbox that is full",
  sources  = { "RFC 2033 section 4.2" },
  params   = { full = { "full@*", "the recipients whose mailbox is full" } },
  needs    = { rcpts = 2 },
}

doors { lmtp = { port = 24, protocol = "lmtp" } }
on.message:to(params.full):reply(452, "4.2.2", "<{rcpt}> Mailbox full")

expect.outcome "partial"                                  -- only that one is tried again

example [[
S: 220 {host} LMTP
C: EHLO client.example
S: 500 5.5.1 Error: this is LMTP; say LHLO
C: LHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<1@example.net>
S: 250 ...
C: RCPT TO:<full@example.net>
S: 250 ...
C: RCPT TO:<2@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: 452 4.2.2 <full@example.net> Mailbox full
S: 250 ...
S: <stored 2>
]]
