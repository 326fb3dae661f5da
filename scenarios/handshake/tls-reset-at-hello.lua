scenario {
  title    = "The ClientHello gets RST",
  emulates = "deep packet inspection",
  sources  = { "RFC 8446 section 6.1", "OfficeDocs-Support socketerror" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:reset()

expect.outcome "temporary"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <reset>
]]
