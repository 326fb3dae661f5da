scenario {
  title    = "554 to a NOOP too many, and the connection closes",
  emulates = "Exim",
  sources  = { "Exim src/src/smtp_in.c", "symfony#35633" },
  params   = { limit = { 10, "of them on a connection" } },
}
provider "exim"

on.noop:after(params.limit):per("connection"):reply(554, "Too many nonmail commands"):close()

expect.outcome { "delivered", "reconnects" }

example { limit = 1, [[
C: <ehlo>
C: NOOP
S: 250 OK
C: NOOP
S: 554 Too many nonmail commands
S: <close>
]] }
