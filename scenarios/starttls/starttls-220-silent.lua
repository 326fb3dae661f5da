scenario {
  title    = "220 in reply to STARTTLS, then silence",
  emulates = "a firewall that swallows TLS",
  sources  = { "go#67867", "Ruby Bug#12678" },
  needs    = { tls = true },
}

on.starttls:reply(220, "2.0.0", "Ready to start TLS"):stall()

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
