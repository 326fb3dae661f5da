scenario {
  title    = "The ClientHello gets an alert that no RFC knows",
  emulates = "a newer server, a broken one",
  sources  = { "RFC 8446 section 6" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:tls_alert(200)

expect.outcome { "misconfigured", "temporary" }           -- all fatal alerts end the connection
expect.never { stage = "mail" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <alert 200>
S: <close>
]]
