scenario {
  title    = "An alert comes in the midst of the session",
  emulates = "a TLS proxy that crashes",
  sources  = { "RFC 8446 section 6.2" },
  params   = { alert = { "internal_error", "the alert: its name in RFC 8446, or its number" } },
  needs    = { tls = true },
}

on.mail:where("tls"):tls_alert(params.alert)

expect.outcome "temporary"                                -- nothing was sent yet

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: <alert internal_error>
S: <close>
]]
example { alert = "user_canceled", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: <alert user_canceled>
S: <close>
]] }
