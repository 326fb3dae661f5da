scenario {
  title    = "The server falls silent in the midst of its handshake messages",
  emulates = "a segment that a firewall swallows",
  sources  = { "go#67867" },
  params   = { before = { "certificate", "the server's message that doesn't come any more" } },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:at(params.before):stall()

expect.outcome "temporary"                                -- the TLS handshake has a timer, too
expect.never { stage = "mail" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <hello>
S: <silence 5m>
]]
example { before = "finished", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <hello>
S: <silence 5m>
]] }
