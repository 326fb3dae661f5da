scenario {
  title    = "A wildcard stands for the host's first label",
  emulates = "a company with one certificate for all hosts",
  sources  = { "RFC 9525 section 6.3" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "wildcard" }

expect.outcome "delivered"                                -- by a client that trusts the CA

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls wildcard>
C: EHLO client.example
S: 250 ...
]]
