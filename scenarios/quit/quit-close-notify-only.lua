scenario {
  title    = "221 and close_notify, while TCP stays open",
  emulates = "a TLS proxy that forgets to close",
  sources  = { "RFC 8446 section 6.1" },
  needs    = { tls = true },
}

on.quit:where("tls"):proceed():close_notify():stall()

expect.outcome "delivered"                                -- the client closes

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
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
S: <stored 1>
C: QUIT
S: 221 ...
S: <silence 5m>
]]
