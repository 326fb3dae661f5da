scenario {
  title    = "STARTTLS is not offered",
  emulates = "an attacker in the middle, PIX, an antivirus program, a wrong set-up",
  sources  = { "CVE-2016-0772", "RFC 3207 section 6", "upyo#36" },
  needs    = { tls = true },
}

on.helo:use{ capabilities = { "-STARTTLS" } }

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
S: 250 AUTH PLAIN LOGIN
C: STARTTLS
S: 502 ...
]]
