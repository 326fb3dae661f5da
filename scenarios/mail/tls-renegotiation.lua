scenario {
  title    = "TLS 1.2: the server asks for a new handshake before the reply to MAIL",
  emulates = "a server that asks for a certificate late",
  sources  = { "RFC 5246 section 7.4.1.1", "RFC 5746" },
  needs    = { tls = true },
}

tls { tls_versions = "1.2" }
on.mail:where("tls"):renegotiate():proceed()

expect.outcome { "delivered", "temporary" }               -- it may refuse, and may not hang

example [[
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
C: .
S: 250 ...
S: <stored 1>
]]
