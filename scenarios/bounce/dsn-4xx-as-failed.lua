scenario {
  title    = "A bounce whose action is failed and whose status is 4.4.7",
  emulates = "a queue in which the message has expired",
  sources  = { "Exchange Online: NDR 4.4.7", "RFC 3464 section 2.3.3" },
  params   = { after = { "2s", "time from the final dot to the bounce" } },
  needs    = { bounces = true },
}

on.rcpt:to("late@*"):dsn{ action = "failed", status = "4.4.7", diagnostic = "550 4.4.7 QUEUE.Expired; message expired",
                          after = params.after }

expect.outcome "delivered"                                        -- the action wins: it has failed for good

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<late@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <dsn late@example.net failed>
]]
