scenario {
  title    = "Each handshake shows another good certificate",
  emulates = "a farm of servers behind one name",
  sources  = { "RFC 8446 section 4.4.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "changes" }

expect.outcome "delivered"                                -- each one is verified, none is pinned

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls changes>
C: EHLO client.example
S: 250 ...
C2: <connect smtps>
C2: <tls changes>
S2: 220 ...
]]
