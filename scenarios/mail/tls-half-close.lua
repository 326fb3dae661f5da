scenario {
  title    = "close_notify and FIN instead of the reply to MAIL, while the server goes on reading",
  emulates = "a buggy load balancer",
  sources  = { "RFC 8446 section 6.1", "RFC 9293 section 3.6" },
  needs    = { tls = true },
}

on.mail:where("tls"):close_notify():half_close():stall()

expect.outcome "temporary"

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
S: <close>
]]
