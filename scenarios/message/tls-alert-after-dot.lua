scenario {
  title    = "The message is stored, and an alert comes instead of the reply",
  emulates = "a TLS proxy that crashes",
  sources  = { "RFC 8446 section 6.2", "RFC 1047" },
  params   = { times = { 1, "messages whose reply is lost" } },
  needs    = { tls = true },
}

on.message:first(params.times):where("tls"):accept():tls_alert("internal_error")

expect.outcome "ambiguous"

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
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: <alert internal_error>
S: <close>
S: <stored 1>
]]
