scenario {
  title    = "552 to a recipient: mailbox not found",
  emulates = "Yahoo Mail",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "yahoo"

on.rcpt:reply(552, "1 Requested mail action aborted, mailbox not found")

expect.outcome "permanent"                                -- 552 stands for a full mailbox elsewhere

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 552 1 Requested mail action aborted, mailbox not found
]]
