scenario {
  title    = "A wildcard would have to stand for no label or for two",
  emulates = "*.example.com used for a.b.example.com",
  sources  = { "RFC 9525 section 6.3" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "wildcard_depth" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls wildcard_depth>
C: EHLO client.example
S: 250 ...
]]
