scenario {
  title    = "The server's certificate may sign certificates itself",
  emulates = "a home-made CA that serves with its own certificate",
  sources  = { "RFC 5280 section 4.2.1.9", "webpki CaUsedAsEndEntity" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "ca_leaf" }

expect.outcome { "delivered", "refuses" }                 -- webpki refuses it

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls ca_leaf>
C: EHLO client.example
S: 250 ...
]]
