scenario {
  title    = "The certificate was reissued by an antivirus program",
  emulates = "the mail shield of Avast, AVG, ESET or Kaspersky, its root unknown to the client",
  sources  = { "nodemailer#1040", "PHPMailer#776", "node-imap#741" },
  needs    = { tls = true },
}

doors {
  submission = { port = 587, tls = "starttls", main = true },
  smtps      = { port = 465, tls = "implicit" },
}

on.handshake:use{ certificate = "antivirus" }

expect.outcome "refuses"                                  -- and names the issuer; verification stays on
expect.never { stage = "mail" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls antivirus>
C: EHLO client.example
S: 250 ...
]]
