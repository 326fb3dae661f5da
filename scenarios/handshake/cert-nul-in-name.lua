scenario {
  title    = "A NUL stands behind the host's name, and another domain behind that",
  emulates = "an attack on a client that compares C strings",
  sources  = { "CVE-2009-2408", "RFC 9525 section 6" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "nul_in_name" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls nul_in_name>
C: EHLO client.example
S: 250 ...
]]
