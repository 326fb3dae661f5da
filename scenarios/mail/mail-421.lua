scenario {
  title    = "421 to MAIL, and the connection closes",
  emulates = "a server that shuts down (text approximate)",
  sources  = { "RFC 5321 section 3.8" },
  params   = { times = { 1, "messages refused before the server recovers" } },
}

on.mail:first(params.times)
  :reply(421, "4.3.2", "{host} Service not available, closing transmission channel"):close()

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 421 4.3.2 {host} Service not available, closing transmission channel
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
]]
