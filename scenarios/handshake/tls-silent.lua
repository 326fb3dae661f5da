scenario {
  title    = "The ClientHello gets no answer",
  emulates = "a firewall that swallows TLS, a server that hangs",
  sources  = { "go#67867", "Ruby Bug#12678" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:stall()

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
