scenario {
  title    = "421 to EHLO, and the connection closes",
  emulates = "Gmail and Google Workspace, submission",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
  needs    = { tls = true, auth = true },
}
provider "gmail"

on.helo:reply(421, "4.7.0", "Try again later, closing connection. {id} - gsmtp"):close()

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 421 4.7.0 Try again later, closing connection. ... - gsmtp
S: <close>
]]
