scenario {
  title    = "538 to AUTH without TLS, by a server that offers both",
  emulates = "servers that only find out at AUTH (text approximate)",
  sources  = { "RFC 4954 section 6" },
  needs    = { tls = true, auth = true },
}

on.command:verb("AUTH"):unless("tls")
  :reply(538, "5.7.11", "Encryption required for requested authentication mechanism")

expect.outcome { "delivered", "misconfigured" }           -- TLS, then the login; never the password in clear again

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 538 5.7.11 Encryption required for requested authentication mechanism
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
]]
