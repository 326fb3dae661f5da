scenario {
  title    = "Port 587 greets in clear a client that begins TLS at once",
  emulates = "implicit TLS set up with port 587",
  sources  = { "action-send-mail#124", "docuseal#93", "nocodb#6555" },
  needs    = { tls = true },
}

doors { submission = { port = 587, tls = "starttls", main = true } }
on.greeting:proceed()                                     -- the usual 220, but it is no ServerHello

expect.outcome { "misconfigured", lax = "delivered" }     -- lax: by a client that was set up for STARTTLS

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
