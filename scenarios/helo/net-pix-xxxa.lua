scenario {
  title    = "A firewall overwrites keywords of EHLO with XXXA",
  emulates = "Cisco ASA: inspect esmtp",
  sources  = { "nodemailer#1081" },
}

-- XXXXXXXA was STARTTLS, XXXA was HELP
capabilities { "SIZE 52428800", "8BITMIME", "PIPELINING", "AUTH PLAIN LOGIN", "XXXXXXXA", "XXXA" }

expect.outcome { "delivered", "refuses" }                 -- refuses: a client that must have TLS

example [[
S: 220 ...
C: EHLO client.example
S: 250-{host}
S: 250-SIZE 52428800
S: 250-8BITMIME
S: 250-PIPELINING
S: 250-AUTH PLAIN LOGIN
S: 250-XXXXXXXA
S: 250 XXXA
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
