scenario {
  title    = "STARTTLS gets two 220 replies, the second one in the same segment",
  emulates = "a proxy that answers as well as the server behind it",
  sources  = { "RFC 3207 section 6", "CVE-2011-0411" },
  needs    = { tls = true },
}

on.starttls:proceed():send("220 2.0.0 Ready to start TLS\r\n")

expect.outcome { "delivered", "refuses" }                 -- delivered: what came in clear was thrown away

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
S: 220 2.0.0 Ready to start TLS
C: <tls>
C: EHLO client.example
S: 250 ...
]]
