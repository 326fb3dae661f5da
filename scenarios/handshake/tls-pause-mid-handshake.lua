scenario {
  title    = "The server pauses for 5 s in the midst of its handshake messages",
  emulates = "a server that asks a slow key store",
  sources  = { "RFC 8446 section 4.4.3" },
  params   = {
    before = { "certificate_verify", "the server's message that comes late" },
    pause = { "5s", "how late" },
  },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:at(params.before):delay(params.pause):proceed()

expect.outcome "delivered"

example [[
C: <connect smtps>
C: <hello>
S: <silence 4900ms>
S: 220 ...
]]
