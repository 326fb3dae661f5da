scenario {
  title    = "The TCP connection closes without close_notify before the reply to MAIL",
  emulates = "a server that crashes, an attacker who cuts",
  sources  = { "RFC 8446 section 6.1" },
  needs    = { tls = true },
}

on.mail:where("tls"):close{ close_notify = false }

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: <close no close_notify>
]]
