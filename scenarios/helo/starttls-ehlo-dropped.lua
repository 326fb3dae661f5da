scenario {
  title    = "TLS comes up, and the connection closes at the EHLO inside it",
  emulates = "a load balancer, qiye.163.com",
  sources  = { "MailKit#1406" },
  needs    = { tls = true },
}

on.helo:where("tls"):close()

expect.outcome "temporary"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: <close>
]]
