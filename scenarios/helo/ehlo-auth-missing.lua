scenario {
  title    = "AUTH is not offered, and mail without a login is refused",
  emulates = "a provider's transparent SMTP proxy, a firewall that strips AUTH",
  sources  = { "RFC 4954 section 3" },
  needs    = { auth = true },
}

capabilities { "-AUTH" }
on.mail:unless("authenticated"):reply(530, "5.7.0", "Authentication required")

expect.outcome "misconfigured"                            -- "AUTH is not offered"; no credentials are sent

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 503 ...
C: MAIL FROM:<user@example.com>
S: 530 5.7.0 Authentication required
]]
