scenario {
  title    = "The record with the reply to EHLO claims more than 16 KiB, and the rest never comes",
  emulates = "a broken stack, a lost segment",
  sources  = { "RFC 8446 section 5.1" },
  needs    = { tls = true },
}

on.helo:where("tls"):tls_damage("length")

expect.outcome "temporary"
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: <silence 5m>
]]
