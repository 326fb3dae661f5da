scenario {
  title    = "421 to the second message of a connection: it has expired",
  emulates = "Gmail and Google Workspace, submission",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
  needs    = { messages = 2, tls = true, auth = true },
}
provider "gmail"

on.mail:nth(2):per("connection"):reply(421, "4.7.0", "Connection expired, try reconnecting {id} - gsmtp"):close()

expect.outcome "reconnects"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ...
C: RSET
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 421 4.7.0 Connection expired, try reconnecting ... - gsmtp
S: <close>
]]
