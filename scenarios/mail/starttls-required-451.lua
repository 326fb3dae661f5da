scenario {
  title    = "MAIL before TLS gets 451",
  emulates = "Microsoft 365 to a device or an application",
  sources  = { "OfficeDocs-Support", "RFC 3207 section 4" },
  needs    = { tls = true },
}

capabilities { before_tls = { "-AUTH" } }
on.mail:unless("tls"):reply(451, "5.7.3", "STARTTLS is required to send mail")

expect.outcome { "delivered", "misconfigured" }           -- it upgrades, or reports this text

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 451 5.7.3 STARTTLS is required to send mail
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
