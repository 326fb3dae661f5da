scenario {
  title    = "250, and a report later that the message is delayed",
  emulates = "a mail system that can't reach the next one yet",
  sources  = { "RFC 3464 section 2.3.3", "RFC 3461" },
  params   = { after = { "2s", "time from the final dot to the report" } },
  needs    = { bounces = true },
}

on.rcpt:to("slow@*"):dsn{ action = "delayed", status = "4.4.1", diagnostic = "451 4.4.1 Connection timed out",
                          after = params.after }

expect.outcome "delivered"                                        -- a delay is no bounce: nothing is sent again
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
S: <stored 1>
S: <dsn slow@example.net delayed>
]]
