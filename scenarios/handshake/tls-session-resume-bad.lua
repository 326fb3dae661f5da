scenario {
  title    = "A session ticket that comes back is answered with an alert",
  emulates = "a farm of servers without a shared key",
  sources  = { "Postfix 20050302", "Exim 4.98 JH/05" },
  needs    = { connections = 2, tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ tickets = "broken" }

expect.outcome { "delivered", "reconnects" }              -- it tries again without the ticket

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

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: STARTTLS
S2: 220 ...
C2: <tls resume>
S2: <alert internal_error>
S2: <close>
]]
