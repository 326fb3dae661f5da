scenario {
  title    = "The server speaks HTTP/2 only, by ALPN",
  emulates = "a web server on this port",
  sources  = { "RFC 7301 section 3.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ alpn = "h2" }

expect.outcome { "delivered", "misconfigured" }           -- delivered: by a client that doesn't name a protocol

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
