scenario {
  title    = "The certificate ends before it begins",
  emulates = "a home-made certificate with its dates swapped",
  sources  = { "RFC 5280 section 4.1.2.5" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "negative_validity" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls negative_validity>
C: EHLO client.example
S: 250 ...
]]
