scenario {
  title    = "220 in reply to STARTTLS, and the server goes on in clear",
  emulates = "a relay that passes the 220 on and knows no TLS",
  sources  = { "simple-java-mail#655" },
  needs    = { tls = true },
}

on.starttls:discard():reply(220, "2.0.0", "Ready to start TLS")

expect.outcome { "refuses", "temporary" }                 -- the server did not start TLS
expect.never { stage = "mail" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 2.0.0 Ready to start TLS
C: NOOP
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
