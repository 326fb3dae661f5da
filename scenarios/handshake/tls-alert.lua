scenario {
  title    = "The ClientHello gets an alert",
  emulates = "a server that can't agree with the client",
  sources  = { "RFC 8446 section 6.2", "PHPMailer#696" },
  params   = { alert = { "handshake_failure", "the alert: its name in RFC 8446, or its number" } },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:tls_alert(params.alert)

expect.outcome { "misconfigured", "temporary" }           -- with the alert's name
expect.never { stage = "mail" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <alert handshake_failure>
S: <close>
]]
example { alert = "protocol_version", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <alert protocol_version>
S: <close>
]] }
example { alert = "insufficient_security", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <alert insufficient_security>
S: <close>
]] }
example { alert = "internal_error", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <alert internal_error>
S: <close>
]] }
example { alert = "unrecognized_name", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <alert unrecognized_name>
S: <close>
]] }
example { alert = "access_denied", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <alert access_denied>
S: <close>
]] }
