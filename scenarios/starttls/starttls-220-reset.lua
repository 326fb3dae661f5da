scenario {
  title    = "220 in reply to STARTTLS, then RST",
  emulates = "a firewall that doesn't let TLS pass",
  sources  = { "nodemailer 683", "Postfix 20060719" },
  needs    = { tls = true },
}

on.starttls:reply(220, "2.0.0", "Ready to start TLS"):reset()

expect.outcome { "temporary", "refuses" }
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
S: <reset>
]]
