scenario {
  title    = "The certificate is signed by one that is no CA",
  emulates = "an attacker with a certificate of his own",
  sources  = { "RFC 5280 section 4.2.1.9", "CVE-2002-0862" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "leaf_signed_by_leaf" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls leaf_signed_by_leaf>
C: EHLO client.example
S: 250 ...
]]
