scenario {
  title    = "The certificate's key may sign revocation lists only",
  emulates = "the wrong template of a company's CA",
  sources  = { "RFC 5280 section 4.2.1.3" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "wrong_key_usage" }

expect.outcome { "refuses", lax = "delivered" }           -- lax: it doesn't look at keyUsage

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls wrong_key_usage>
C: EHLO client.example
S: 250 ...
]]
