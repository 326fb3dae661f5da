scenario {
  title    = "The certificate has a critical extension that nobody knows",
  emulates = "a private extension",
  sources  = { "RFC 5280 section 4.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "unknown_critical_extension" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls unknown_critical_extension>
C: EHLO client.example
S: 250 ...
]]
