scenario {
  title    = "A sealed ChangeCipherSpec comes inside the session",
  emulates = "a broken stack",
  sources  = { "RFC 8446 section 5" },
  needs    = { tls = true },
}

on.helo:where("tls"):tls_record("change_cipher_spec", "\x01"):proceed()

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
