scenario {
  title    = "The chain comes in the wrong order",
  emulates = "a bundle that was put together by hand",
  sources  = { "RFC 5246 section 7.4.2", "RFC 8446 section 4.4.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "reversed_chain" }

expect.outcome { "delivered", "refuses" }                 -- TLS 1.2 wants the order, 1.3 takes any

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls reversed_chain>
C: EHLO client.example
S: 250 ...
]]
