scenario {
  title    = "The certificate is signed by its own key",
  emulates = "Exchange as installed, a development server",
  sources  = { "nodemailer#406", "RFC 5280 section 6.1" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "self_signed" }

expect.outcome "refuses"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls self_signed>
C: EHLO client.example
S: 250 ...
]]
