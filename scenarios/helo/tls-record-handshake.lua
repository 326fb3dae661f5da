scenario {
  title    = "A handshake message that nobody awaits comes inside the session",
  emulates = "a broken stack",
  sources  = { "RFC 8446 section 4" },
  needs    = { tls = true },
}

on.helo:where("tls"):tls_record("handshake", "\xfe\0\0\0"):proceed()

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
