scenario {
  title    = "The certificate's key is on secp160r1, which no client offers",
  emulates = "a very old appliance",
  sources  = { "RFC 8422 section 5.1.1" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "weak_curve" }

expect.outcome { "refuses", "misconfigured" }             -- there is no common signature
expect.never { stage = "mail" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <alert handshake_failure>
S: <close>
]]
