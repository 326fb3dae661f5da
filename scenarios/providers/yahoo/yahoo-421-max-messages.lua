scenario {
  title    = "421 to a further message of a connection",
  emulates = "Yahoo Mail",
  sources  = { "sisimai" },
  params   = { limit = { 5, "messages a connection may carry" } },
  needs    = { messages = 6, tls = true, auth = true },
}
provider "yahoo"

on.mail:after(params.limit):per("connection"):reply(421, "Max message per connection reached, closing transmission "
  .. "channel"):close()

expect.outcome "reconnects"

example { limit = 1, [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RSET
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 421 Max message per connection reached, closing transmission channel
S: <close>
]] }
