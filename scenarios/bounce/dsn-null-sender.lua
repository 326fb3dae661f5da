scenario {
  title    = "A bounce comes from <>, and may not be bounced",
  emulates = "any mail system",
  sources  = { "RFC 5321 section 6.1", "RFC 3464 section 2" },
  params   = { after = { "2s", "time from the final dot to the bounce" } },
  needs    = { bounces = true },
}

on.rcpt:to("gone@*"):dsn{ action = "failed", status = "5.1.1", diagnostic = "550 5.1.1 User unknown", after = params.after }

expect.outcome "delivered"
expect.never { stage = "rcpt", to = "MAILER-DAEMON@*", after = "dsn" }   -- nobody answers a bounce
expect.never { stage = "mail", bytes = "FROM:<>", after = "dsn" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<gone@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <dsn gone@example.net>
]]

-- And the server doesn't bounce what comes from there.
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<>
S: 250 ...
C: RCPT TO:<gone@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <silence 10s>
S: <bounces 0>
]]
