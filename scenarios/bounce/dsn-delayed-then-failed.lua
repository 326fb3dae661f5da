scenario {
  title    = "A report of delay, then one of failure",
  emulates = "a mail system whose retries come to an end",
  sources  = { "RFC 3464 section 2.3.3", "Exchange Online: NDR 4.4.7" },
  params   = { delayed = { "2s", "time from the final dot to the first report" },
               failed  = { "6s", "time from the final dot to the second" } },
  needs    = { bounces = true },
}

on.rcpt:to("slow@*")
  :dsn{ action = "delayed", status = "4.4.1", diagnostic = "451 4.4.1 Connection timed out", after = params.delayed }
  :dsn{ action = "failed", status = "4.4.7", diagnostic = "550 4.4.7 QUEUE.Expired; message expired",
        after = params.failed }

expect.outcome "delivered"
expect.copies { at_most = 1 }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<slow@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <dsn slow@example.net delayed>
S: <dsn slow@example.net failed>
S: <bounces 2>
]]
