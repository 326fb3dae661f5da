scenario {
  title    = "A bounce with a Date of years ago",
  emulates = "a mail system whose clock is wrong",
  sources  = { "RFC 3464", "RFC 5322 section 3.6.1" },
  params   = { after = { "2s", "time from the final dot to the bounce" } },
  needs    = { bounces = true },
}

on.rcpt:to("gone@*"):dsn{ action = "failed", status = "5.1.1", diagnostic = "550 5.1.1 User unknown",
                          date = "Thu, 01 Jan 1970 00:00:00 +0000", after = params.after }

expect.outcome "delivered"                                        -- it counts from when it came

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
S: <dsn gone@example.net failed>
]]
