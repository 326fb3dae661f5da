scenario {
  title    = "The handshake comes byte by byte",
  emulates = "a slow link, a serial line",
  sources  = { "RFC 8446 section 5.1", "curl#16189" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:drip(1, "2ms")

expect.outcome "delivered"

example [[
C: <connect smtps>
C: <hello>
S: <silence 500ms>
S: 220 ...
]]
