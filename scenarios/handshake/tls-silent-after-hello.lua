scenario {
  title    = "Behind the ServerHello comes nothing more",
  emulates = "a firewall that stops what it can't read, a lost segment",
  sources  = { "go#67867" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:at("encrypted_extensions"):stall()          -- of TLS 1.3
on.handshake:at("certificate"):stall()                   -- of 1.2 and before

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
