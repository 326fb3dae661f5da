scenario {
  title    = "530 to AUTH until there is TLS, by a server that offers both",
  emulates = "Gmail, Postfix with smtpd_enforce_tls",
  sources  = { "RFC 3207 section 4" },
  needs    = { tls = true, auth = true },
}

on.command:verb("AUTH"):unless("tls"):reply(530, "5.7.0", "Must issue a STARTTLS command first")

expect.outcome { "delivered", "misconfigured" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH LOGIN
S: 530 5.7.0 Must issue a STARTTLS command first
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
