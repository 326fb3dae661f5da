scenario {
  title    = "The certificate leads to a root that nobody trusts",
  emulates = "a company's TLS inspection, a private CA",
  sources  = { "nodemailer#330", "RFC 5280 section 6.1" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "untrusted_root" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls untrusted_root>
C: EHLO client.example
S: 250 ...
]]
