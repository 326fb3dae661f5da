scenario {
  title    = "A sealed record has a content type that doesn't exist",
  emulates = "a broken stack",
  sources  = { "RFC 8446 section 5" },
  params   = { type = { 99, "the content type" } },
  needs    = { tls = true },
}

on.helo:where("tls"):tls_record(params.type, "250 ok\r\n"):proceed()

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
