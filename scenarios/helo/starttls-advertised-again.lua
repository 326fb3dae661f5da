scenario {
  title    = "STARTTLS is offered again inside TLS, and refused there",
  emulates = "a broken server",
  sources  = { "javamail GH#29", "docuseal#372", "RFC 3207 section 4.2" },
  needs    = { tls = true },
}

capabilities { after_tls = { "+STARTTLS" } }
on.starttls:where("tls"):reply(554, "5.5.1", "Error: TLS already active")

expect.outcome "delivered"                                -- the second offer is ignored

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250-{host}
S: 250-PIPELINING
S: 250-SIZE 10485760
S: 250-8BITMIME
S: 250-SMTPUTF8
S: 250-DSN
S: 250-ENHANCEDSTATUSCODES
S: 250-AUTH PLAIN LOGIN
S: 250 STARTTLS
C: STARTTLS
S: 554 5.5.1 Error: TLS already active
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
