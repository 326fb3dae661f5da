scenario {
  title    = "TLS is up for the client, and the server answers with RST",
  emulates = "deep packet inspection",
  sources  = { "RFC 8446 section 4.6.1" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:at("new_session_ticket"):reset()

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
