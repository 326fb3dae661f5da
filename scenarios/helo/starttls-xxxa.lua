scenario {
  title    = "A firewall overwrites STARTTLS with XXXXXXXA",
  emulates = "Cisco ASA: inspect esmtp",
  sources  = { "nodemailer#1081" },
  needs    = { tls = true },
}

on.helo:use{ capabilities = { "-STARTTLS", "+XXXXXXXA" } }

expect.outcome "refuses"                                  -- a client that must have TLS says: STARTTLS is not offered
expect.never { stage = "mail" }

example [[
S: 220 ...
C: EHLO client.example
S: 250-{host}
S: 250-PIPELINING
S: 250-SIZE 10485760
S: 250-8BITMIME
S: 250-SMTPUTF8
S: 250-DSN
S: 250-ENHANCEDSTATUSCODES
S: 250-AUTH PLAIN LOGIN
S: 250 XXXXXXXA
]]
