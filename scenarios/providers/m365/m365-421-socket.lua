scenario {
  title    = "421 to DATA: the connection was dropped",
  emulates = "Microsoft 365, submission",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.data:reply(421, "4.4.2", "Connection dropped due to SocketError"):close()

expect.outcome "temporary"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 421 4.4.2 Connection dropped due to SocketError
S: <close>
]]
