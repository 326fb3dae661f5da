scenario {
  title    = "432 after the final dot: the sender's thread limit",
  emulates = "Microsoft 365, submission",
  sources  = { "timeoff#308" },
  params   = { times = { 2, "messages that are refused" } },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.message:first(params.times):reply(432, "4.3.2", "STOREDRV.ClientSubmit; sender thread limit exceeded "
  .. "[Hostname=OS0PR01MB6099.jpnprd01.prod.outlook.com]")

expect.outcome "temporary"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded ...
]]
