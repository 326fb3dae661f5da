scenario {
  title    = "The certificate has no name at all",
  emulates = "a home-made certificate",
  sources  = { "RFC 9525 section 6.1" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "no_name" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls no_name>
C: EHLO client.example
S: 250 ...
]]
