scenario {
  title    = "TLS comes up, and an alert comes instead of the greeting",
  emulates = "a TLS proxy whose backend is down",
  sources  = { "RFC 8446 section 6.2" },
  needs    = { tls = true },
}

doors { smtps = { port = 465, tls = "implicit", main = true } }
on.greeting:tls_alert("internal_error")

expect.outcome "temporary"
expect.never { stage = "mail", tls = false }

example [[
C: <tls>
S: <alert internal_error>
S: <close>
]]
