scenario {
  title    = "A client that asks for a name gets a certificate for addresses only",
  emulates = "a load balancer's own certificate",
  sources  = { "RFC 9525 section 6" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:where("sni"):use{ certificate = "ip_only" }          -- by address it would be the right one

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls ip_only>
C: EHLO client.example
S: 250 ...
]]
