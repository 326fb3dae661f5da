scenario {
  title    = "A bounce in plain text, with nothing for programs",
  emulates = "qmail",
  sources  = { "QSBMF: cr.yp.to/proto/qsbmf.txt", "sisimai" },
  params   = { after = { "2s", "time from the final dot to the bounce" } },
  needs    = { bounces = true, messages = 2 },
}

on.rcpt:to("gone@*"):dsn{ form = "qmail", status = "5.1.1", diagnostic = "550 5.1.1 User unknown", after = params.after }

expect.outcome "delivered"
expect.never { stage = "rcpt", to = "gone@*", after = "dsn" }      -- the address is suppressed

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
S: <stored 1>
S: <dsn gone@example.net failed>
]]
