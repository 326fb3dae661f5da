scenario {
  title    = "MAIL before TLS gets 530",
  emulates = "Postfix, Gmail",
  sources  = { "Postfix smtpd", "RFC 3207 section 4" },
  needs    = { tls = true },
}

capabilities { before_tls = { "-AUTH" } }
on.mail:unless("tls"):reply(530, "5.7.0", "Must issue a STARTTLS command first")

expect.outcome { "delivered", "misconfigured" }           -- it upgrades, or reports this text

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 530 5.7.0 Must issue a STARTTLS command first
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
