scenario {
  title    = "432 after the final dot while more than 3 connections are open",
  emulates = "Microsoft 365",
  sources  = { "fastapi-mail#75", "nodemailer#1613", "timeoff#308" },
  params   = { limit = { 3, "connections that may be open" } },
  needs    = { connections = 4 },
}

on.message:open_above(params.limit):per("peer")
  :reply(432, "4.3.2", "Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending"
    .. " for more information. [Hostname=OS0PR01MB6099.jpnprd01.prod.outlook.com]")

expect.outcome "temporary"                                -- once more, over fewer connections

example { limit = 1, [[
S: 220 ...
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: MAIL FROM:<a@example.com>
S2: 250 ...
C2: RCPT TO:<b@example.net>
S2: 250 ...
C2: DATA
S2: 354 ...
C2: .
S2: 432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending ...
S2: <stored 0>
C: QUIT
S: 221 ...
S: <close>
C2: MAIL FROM:<a@example.com>
S2: 250 ...
C2: RCPT TO:<b@example.net>
S2: 250 ...
C2: DATA
S2: 354 ...
C2: .
S2: 250 ...
S2: <stored 1>
]] }
