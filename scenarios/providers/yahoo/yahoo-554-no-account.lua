scenario {
  title    = "554 after the final dot: the user has no account",
  emulates = "Yahoo Mail",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "yahoo"

on.message:reply(554, "delivery error: dd This user doesn't have a yahoo.com account ({rcpt})")

expect.outcome "permanent"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 554 delivery error: dd This user doesn't have a yahoo.com account (b@example.net)
]]
