scenario {
  title    = "The reply to EHLO comes in clear where a record should be",
  emulates = "a proxy that has lost track, an attacker in the middle",
  sources  = { "RFC 8446 section 5", "CVE-2011-0411" },
  needs    = { tls = true },
}

on.helo:where("tls"):tls_damage("plaintext")

expect.outcome { "temporary", "refuses" }
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
