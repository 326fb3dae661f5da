scenario {
  title    = "The ServerHello comes after 20 s, and then in small pieces",
  emulates = "a loaded server",
  sources  = { "curl#16189", "curl#14166" },
  params   = { wait = { "20s", "time from the ClientHello to the ServerHello" } },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}
on.handshake:delay(params.wait):drip(100, "50ms")

expect.outcome "delivered"                                -- and no command of SMTP's before TLS is up

example [[
C: <connect smtps>
C: <hello>
S: <silence 20s>
S: 220 ...
]]
