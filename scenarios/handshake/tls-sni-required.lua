scenario {
  title    = "A client that names no host by SNI gets an alert",
  emulates = "a proxy that finds its backend by the name",
  sources  = { "RFC 6066 section 3", "RFC 8446 section 9.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:unless("sni"):tls_alert("missing_extension")

expect.outcome "delivered"                                -- by a client that knows the host's name

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
]]

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls no-sni>
S: <alert missing_extension>
S: <close>
]]
