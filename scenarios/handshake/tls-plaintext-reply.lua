scenario {
  title    = "A reply in clear comes where the ServerHello should be",
  emulates = "a server that can't begin TLS after its 220",
  sources  = { "RFC 3207 section 4", "simple-java-mail#655" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:send("454 4.7.0 TLS not available due to local problem\r\n"):close()

expect.outcome { "temporary", "refuses" }
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <close>
]]
