scenario {
  title    = "The name that the client asks for by SNI is unknown",
  emulates = "a CNAME, a proxy that lacks the host",
  sources  = { "RFC 6066 section 3" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:where("sni"):tls_alert("unrecognized_name")

expect.outcome "misconfigured"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
S: <alert unrecognized_name>
S: <close>
]]
