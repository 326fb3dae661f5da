scenario {
  title    = "The certificate ran out yesterday",
  emulates = "a renewal that was forgotten, a client whose clock is ahead",
  sources  = { "RFC 5280 section 4.1.2.5", "badssl.com expired" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "expired" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls expired>
C: EHLO client.example
S: 250 ...
]]
