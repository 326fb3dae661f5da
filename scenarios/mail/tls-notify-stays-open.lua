scenario {
  title    = "close_notify instead of the reply to MAIL, while TCP stays open",
  emulates = "a TLS proxy whose backend is gone",
  sources  = { "RFC 8446 section 6.1" },
  needs    = { tls = true },
}

on.mail:where("tls"):close_notify():stall()

expect.outcome "temporary"                                -- at once: close_notify is the end

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
S: <silence 5m>
]]
