scenario {
  title    = "The reply to EHLO comes in a record of a version that doesn't exist",
  emulates = "a broken stack",
  sources  = { "RFC 8446 section 5.1" },
  needs    = { tls = true },
}

on.helo:where("tls"):tls_damage("version")

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
