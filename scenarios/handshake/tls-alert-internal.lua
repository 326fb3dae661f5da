scenario {
  title    = "The server breaks off in the midst of the handshake with internal_error",
  emulates = "a server whose key can't be used",
  sources  = { "RFC 8446 section 6.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:at("certificate"):tls_alert("internal_error")

expect.outcome "temporary"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <alert internal_error>
S: <close>
]]
