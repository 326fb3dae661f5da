scenario {
  title    = "452 to the recipients above a limit",
  emulates = "Microsoft 365, submission",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
  params   = { limit = { 500, "recipients a message may have" } },
  needs    = { rcpts = 501, tls = true, auth = true },
}
provider "m365"

on.rcpt:after(params.limit):per("message"):reply(452, "4.5.3", "Too many recipients")

expect.outcome "partial"

example { limit = 1, [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 Sender OK
C: RCPT TO:<b@example.net>
S: 250 2.1.5 Recipient OK
C: RCPT TO:<c@example.net>
S: 452 4.5.3 Too many recipients
]] }
