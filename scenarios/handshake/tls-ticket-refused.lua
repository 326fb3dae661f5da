scenario {
  title    = "A session ticket that comes back is not taken: the handshake is a whole one",
  emulates = "a server that was restarted",
  sources  = { "RFC 8446 section 4.6.1", "RFC 5077 section 3.1" },
  needs    = { connections = 2, tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ tickets = "refused" }

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
S2: <session new>
C2: EHLO client.example
S2: 250 ...
]]
