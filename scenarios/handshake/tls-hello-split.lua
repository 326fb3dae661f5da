scenario {
  title    = "The ServerHello is cut inside its record header",
  emulates = "a segment boundary at a bad place",
  sources  = { "RFC 8446 section 5.1" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:split("1s", 3)

expect.outcome "delivered"

example [[
C: <connect smtps>
C: <hello>
S: <silence 900ms>
S: 220 ...
]]
