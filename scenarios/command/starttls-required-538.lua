scenario {
  title    = "AUTH before TLS gets 538, before a secret has left",
  emulates = "a server that follows RFC 4954 to the letter",
  sources  = { "RFC 4954 section 6" },
  needs    = { auth = true, tls = true },
}

capabilities { before_tls = { "+AUTH PLAIN LOGIN" } }             -- offered before TLS, too
on.command:verb("AUTH"):unless("tls")
  :reply(538, "5.7.11", "Encryption required for requested authentication mechanism")
on.mail:unless("authenticated"):reply(530, "5.7.0", "Authentication required")

expect.outcome { "delivered", "misconfigured" }           -- it upgrades, or reports this text

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH LOGIN
S: 538 5.7.11 Encryption required for requested authentication mechanism
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<user@example.com>
S: 250 ...
]]
