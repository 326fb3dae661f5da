scenario {
  title    = "An A-label of an internationalized name stands beside the usual names",
  emulates = "a host with an IDN name, too",
  sources  = { "RFC 9525 section 6", "RFC 5280 section 7.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "idn_name" }

expect.outcome "delivered"                                -- by a client that trusts the CA

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls idn_name>
C: EHLO client.example
S: 250 ...
]]
