scenario {
  title    = "The host's name is in the subject's CN only",
  emulates = "a certificate made by an old how-to",
  sources  = { "RFC 9525 section 2", "RFC 6125" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "cn_only" }

expect.outcome { "refuses", lax = "delivered" }           -- lax: it looks where RFC 9525 forbids

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls cn_only>
C: EHLO client.example
S: 250 ...
]]
