scenario {
  title    = "The ClientHello gets FIN",
  emulates = "a server that crashes, a proxy without a backend",
  sources  = { "RFC 8446 section 6.1", "OfficeDocs-Support socketerror" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:close()

expect.outcome "temporary"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <close>
]]
