scenario {
  title    = "The certificate is signed with MD5",
  emulates = "a very old appliance",
  sources  = { "RFC 9155", "RFC 6151" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "md5" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls md5>
C: EHLO client.example
S: 250 ...
]]
