scenario {
  title    = "421 to MAIL after 2 messages on a connection, and it closes",
  emulates = "Yahoo",
  sources  = { "sisimai", "Exim", "SendGrid documentation" },
  params   = { limit = { 2, "messages that a connection may carry" } },
  needs    = { messages = 3 },
}

on.mail:after(params.limit):per("connection")
  :reply(421, "Max message per connection reached, closing transmission channel"):close()

expect.outcome "reconnects"

example { limit = 1, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 421 Max message per connection reached, closing transmission channel
S: <close>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: MAIL FROM:<a@example.com>
S2: 250 ...
C2: RCPT TO:<b@example.net>
S2: 250 ...
C2: DATA
S2: 354 ...
C2: .
S2: 250 ...
S2: <stored 2>
]] }
