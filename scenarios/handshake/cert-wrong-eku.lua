scenario {
  title    = "The certificate is for clients, not for servers",
  emulates = "the wrong template of a company's CA",
  sources  = { "RFC 5280 section 4.2.1.12" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "wrong_eku" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls wrong_eku>
C: EHLO client.example
S: 250 ...
]]
