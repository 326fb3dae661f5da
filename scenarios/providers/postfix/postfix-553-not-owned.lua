scenario {
  title    = "553 to MAIL: the sender isn't owned by the user",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd_check.c" },
  needs    = { auth = true },
}
provider "postfix"

on.mail:reply(553, "5.7.1", "<{from}>: Sender address rejected: not owned by user {user}")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 553 5.7.1 <a@example.com>: Sender address rejected: not owned by user user@example.com
]]
