scenario {
  title    = "STARTTLS and AUTH are cut out of the reply to EHLO",
  emulates = "an antivirus program that scans outgoing mail",
  sources  = { "nodemailer#310", "RFC 3207 section 6" },
  needs    = { tls = true },
}

on.helo:use{ capabilities = { "-STARTTLS", "-AUTH" } }

expect.outcome { "refuses", "misconfigured" }             -- neither a login nor a message in clear
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
S: 250 ENHANCEDSTATUSCODES
C: STARTTLS
S: 502 ...
]]
