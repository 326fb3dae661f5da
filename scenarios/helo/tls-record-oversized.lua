scenario {
  title    = "A record holds one byte more than TLS allows",
  emulates = "a broken stack",
  sources  = { "RFC 8446 section 5.2" },
  needs    = { tls = true },
}

on.helo:where("tls"):tls_record("application_data", string.rep("x", 16385)):proceed()

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
