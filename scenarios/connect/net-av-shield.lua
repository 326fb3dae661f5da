scenario {
  title    = "An antivirus program sits in the implicit TLS with a certificate of its own",
  emulates = "Avast Web/Mail Shield and its like, which scan outgoing mail",
  sources  = { "nodemailer#330", "nodemailer#310", "MailKit PR#679" },
  needs    = { tls = true },
}

doors { smtps = { port = 465, tls = "implicit", main = true } }
on.handshake:use{ certificate = "antivirus" }

expect.outcome "refuses"                                  -- and names the issuer; verification stays on
expect.never { stage = "mail" }

example [[
C: <tls antivirus>
S: 220 ...
C: EHLO client.example
S: 250 ...
]]
