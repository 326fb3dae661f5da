scenario {
  title    = "The port for implicit TLS speaks SMTP in plain",
  emulates = "a server whose certificate is missing, a TLS proxy that was taken away",
  sources  = { "RFC 8314 section 3.3" },
}

doors { smtps = { port = 465, main = true } }
on.greeting:proceed()                                     -- the usual 220, but it is no ServerHello

expect.outcome { "misconfigured", lax = "delivered" }     -- lax: by a client that was never told to use TLS

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
]]
