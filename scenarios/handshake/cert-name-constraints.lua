scenario {
  title    = "The certificate's CA may only sign for another domain",
  emulates = "a company's CA that oversteps its bounds",
  sources  = { "RFC 5280 section 4.2.1.10" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "name_constraints" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls name_constraints>
C: EHLO client.example
S: 250 ...
]]
