scenario {
  title    = "The certificate stands below a CA that may have none below it",
  emulates = "a CA that overstepped its bounds",
  sources  = { "RFC 5280 section 4.2.1.9" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "path_length" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls path_length>
C: EHLO client.example
S: 250 ...
]]
