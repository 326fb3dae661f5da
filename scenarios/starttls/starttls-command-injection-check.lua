scenario {
  title    = "What the client sends behind STARTTLS, before TLS is up, is a violation: 523",
  emulates = "Gmail",
  sources  = { "RFC 3207 section 4", "sisimai Google.pm", "CVE-2011-0411" },
  needs    = { tls = true },
}

on.starttls:delay("200ms")                                -- so that it has come
on.starttls:where("pending")
  :reply(523, "5.7.10", "SMTP protocol violation, no commands allowed to pipeline after STARTTLS"):close()

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
C: EHLO client.example
S: 523 5.7.10 SMTP protocol violation, no commands allowed to pipeline after STARTTLS
S: <close>
]]
