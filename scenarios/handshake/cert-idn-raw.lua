scenario {
  title    = "The name is in UTF-8, where only an A-label may stand",
  emulates = "a home-made certificate for bücher.example",
  sources  = { "RFC 5280 section 7.2", "RFC 9525 section 6" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "idn_raw" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls idn_raw>
C: EHLO client.example
S: 250 ...
]]
