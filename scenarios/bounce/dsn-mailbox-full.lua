scenario {
  title    = "250, and a bounce later since the mailbox is full",
  emulates = "a mail system that accepts first and looks at the quota later",
  sources  = { "RFC 3463 section 3.3 (X.2.2)", "RFC 3464" },
  params   = { after = { "2s", "time from the final dot to the bounce" } },
  needs    = { bounces = true },
}

on.rcpt:to("full@*"):dsn{ action = "failed", status = "5.2.2", diagnostic = "552 5.2.2 Mailbox full", after = params.after }

expect.outcome "delivered"                                        -- a soft bounce: the address itself is good

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<full@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <dsn full@example.net failed>
]]
