scenario {
  title    = "530 to MAIL: authentication required, whether the client has logged in or not",
  emulates = "a server that wants a login, or a balancer that forgot it",
  sources  = { "RFC 4954 section 6", "Amazon SES developer guide" },
}

on.mail:reply(530, "5.7.0", "Authentication required")

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 530 5.7.0 Authentication required
]]
