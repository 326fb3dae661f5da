scenario {
  title    = "421 after 5000 messages on a connection",
  emulates = "SendGrid (text approximate)",
  sources  = { "SendGrid's documentation: 5000 messages a connection" },
  params   = { limit = { 5000, "messages a connection may carry" } },
  needs    = { messages = 5001, auth = true },
}
provider "sendgrid"

on.mail:after(params.limit):per("connection"):reply(421, "Too many messages on this connection"):close()

expect.outcome "reconnects"

example { limit = 1, [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 Sender address accepted
C: RSET
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 421 Too many messages on this connection
S: <close>
]] }
