scenario {
  title    = "TLS comes up, and the EHLO inside it gets no answer",
  emulates = "a proxy that thinks it knows the answer",
  sources  = { "RFC 3207 section 4.2" },
  needs    = { tls = true },
}

on.helo:where("tls"):stall()

expect.outcome "temporary"                                -- what was offered before TLS is forgotten
expect.never { stage = "mail" }

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
