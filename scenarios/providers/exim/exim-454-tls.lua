scenario {
  title    = "454 to STARTTLS: TLS is currently unavailable",
  emulates = "Exim",
  sources  = { "Exim src/src/smtp_in.c" },
  needs    = { tls = true },
}
provider "exim"

on.starttls:reply(454, "TLS currently unavailable")

expect.outcome "temporary"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 454 TLS currently unavailable
]]
