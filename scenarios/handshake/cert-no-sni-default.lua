scenario {
  title    = "A client that names no host by SNI gets a certificate that says so",
  emulates = "Gmail",
  sources  = { "node-imap#741", "nodemailer d66fdd3", "RFC 6066 section 3" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "no_sni_default" }

expect.outcome { "delivered", "refuses" }                 -- delivered: it asked for the name

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls no_sni_default no-sni>
C: EHLO client.example
S: 250 ...
]]
