scenario {
  title    = "Behind the HelloRetryRequest comes nothing more",
  emulates = "a firewall that knows one ClientHello only",
  sources  = { "RFC 8446 section 4.1.4" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ groups = "P-384", tls_versions = "1.3" }
on.handshake:at("server_hello"):stall()

expect.outcome "temporary"                                -- the TLS handshake has a timer, too
expect.never { stage = "mail" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <hello>
S: <silence 5m>
]]
