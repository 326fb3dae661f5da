scenario {
  title    = "454 to MAIL beyond 2 messages a second of a user",
  emulates = "Amazon SES",
  sources  = { "docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html" },
  params   = { limit = { 2, "messages a second" } },
  needs    = { messages = 3, auth = true },
}

limits {
  messages = { params.limit, "1s", per = "user", reply = { 454, "Throttling failure: Maximum sending rate exceeded" } },
}

expect.outcome "temporary"

example { limit = 1, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<user@example.com>
S: 250 ...
C: RSET
S: 250 ...
C: MAIL FROM:<user@example.com>
S: 454 Throttling failure: Maximum sending rate exceeded
S: <silence 1s>
C: MAIL FROM:<user@example.com>
S: 250 ...
]] }
