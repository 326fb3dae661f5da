scenario {
  title    = "Each byte comes in a TLS record of its own",
  emulates = "odd stacks, a defence against traffic analysis",
  sources  = { "RFC 8446 section 5.1" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ record_size = 1 }

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
]]
