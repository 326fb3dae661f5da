scenario {
  title    = "432 after the final dot: too many connections at a time",
  emulates = "Microsoft 365, submission",
  sources  = { "fastapi-mail#75", "nodemailer#1613" },
  params   = { times = { 2, "messages that are refused" } },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.message:first(params.times):reply(432, "4.3.2", "Concurrent connections limit exceeded. Visit "
  .. "https://aka.ms/concurrent_sending for more information. [Hostname=OS0PR01MB6099.jpnprd01.prod.outlook.com]")

expect.outcome "temporary"                                -- once more, over fewer connections

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 432 4.3.2 Concurrent connections limit exceeded. Visit ...
]]
