scenario {
  title    = "The certificate is made out for another host",
  emulates = "shared hosting, a CNAME to the provider's server",
  sources  = { "net-smtp PR#14", "RFC 9525 section 6" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "wrong_host" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls wrong_host>
C: EHLO client.example
S: 250 ...
]]
