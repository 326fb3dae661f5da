scenario {
  title    = "An alert comes after 8 KiB of the body",
  emulates = "a TLS proxy that crashes",
  sources  = { "RFC 8446 section 6.2" },
  params   = { at = { "8KiB", "bytes of the body before the alert" } },
  needs    = { size = "64KiB", tls = true },
}

on.content:where("tls"):at(params.at):tls_alert("internal_error")

expect.outcome "temporary"                                -- nothing of it is stored

example { at = 1000, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: <body 2000>
S: <alert internal_error>
S: <close>
S: <stored 0>
]] }
