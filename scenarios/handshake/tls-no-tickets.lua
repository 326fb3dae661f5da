scenario {
  title    = "The server gives no session tickets",
  emulates = "a server that keeps no sessions",
  sources  = { "RFC 8446 section 4.6.1" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ tickets = "none" }

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
]]
