scenario {
  title    = "454 to STARTTLS: a local problem",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd.c" },
  needs    = { tls = true },
}
provider "postfix"

on.starttls:reply(454, "4.7.0", "TLS not available due to local problem")

expect.outcome "temporary"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 454 4.7.0 TLS not available due to local problem
]]
