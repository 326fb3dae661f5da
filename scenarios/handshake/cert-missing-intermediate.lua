scenario {
  title    = "The certificate comes without the one that signed it",
  emulates = "a common mistake of administrators",
  sources  = { "action-send-mail#215", "RFC 8446 section 4.4.2" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "missing_intermediate" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls missing_intermediate>
C: EHLO client.example
S: 250 ...
]]
