scenario {
  title    = "553 to MAIL: the sender is no valid address",
  emulates = "Gmail and Google Workspace, submission",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
  needs    = { tls = true, auth = true },
}
provider "gmail"

on.mail:reply(553, "5.1.7", "The sender address <{from}> is not a valid RFC 5321 address {id} - gsmtp")

expect.outcome "permanent"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 553 5.1.7 The sender address <a@example.com> is not a valid RFC 5321 address ... - gsmtp
]]
