scenario {
  title    = "A report that the message was relayed to a system without DSN",
  emulates = "a gateway, behind which nothing is reported",
  sources  = { "RFC 3461 section 5.2", "RFC 3464 section 2.3.3" },
  params   = { after = { "2s", "time from the final dot to the report" } },
  needs    = { bounces = true },
}

on.rcpt:dsn{ action = "relayed", status = "2.1.9", after = params.after } -- goes out on NOTIFY=SUCCESS only

expect.outcome "delivered"                                        -- and the report is good news, no bounce
expect.copies { at_most = 1 }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com> RET=HDRS ENVID=QQ314159
S: 250 ...
C: RCPT TO:<here@example.net> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;here@example.net
S: 250 ...
C: RCPT TO:<quiet@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <dsn here@example.net relayed>
S: <silence 10s>
S: <bounces 1>
]]
