scenario {
  title    = "530 to MAIL, whether the client has logged in or not",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide" },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.mail:reply(530, "Authentication required")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 530 Authentication required
]]
