scenario {
  title    = "451 after 5 min of silence, and the connection closes",
  emulates = "Gmail and Google Workspace, submission",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
  params   = { idle = { "5m", "how long it waits for the client" } },
  needs    = { messages = 2, idle = "5m", tls = true, auth = true },
}
provider "gmail"

on.idle:at(params.idle):reply(451, "4.4.2", "Timeout - closing connection {id} - gsmtp"):close()

expect.outcome "reconnects"

example { idle = "10s", [[
C: <login>
S: <silence 9s>
S: 451 4.4.2 Timeout - closing connection ... - gsmtp
S: <close>
]] }
