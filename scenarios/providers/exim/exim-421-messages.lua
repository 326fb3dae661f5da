scenario {
  title    = "421 to a further message of a connection, which stays open",
  emulates = "Exim",
  sources  = { "Exim src/src/smtp_in.c" },
  params   = { limit = { 5, "messages a connection may carry" } },
  needs    = { messages = 6 },
}
provider "exim"

on.mail:after(params.limit):per("connection"):reply(421, "too many messages in this connection")

expect.outcome "reconnects"

example { limit = 1, [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 OK
C: RSET
S: 250 Reset OK
C: MAIL FROM:<a@example.com>
S: 421 too many messages in this connection
]] }
