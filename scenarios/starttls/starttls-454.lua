scenario {
  title    = "454 in reply to STARTTLS, which was offered",
  emulates = "Postfix whose certificate can't be read",
  sources  = { "RFC 3207 section 4", "Postfix smtpd" },
  needs    = { tls = true },
}

on.starttls:reply(454, "4.7.0", "TLS not available due to local problem")

expect.outcome "temporary"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 454 4.7.0 TLS not available due to local problem
C: QUIT
S: 221 ...
S: <close>
]]
