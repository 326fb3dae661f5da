scenario {
  title    = "451 after the final dot: a temporary service failure",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide" },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.message:reply(451, "Temporary service failure")

expect.outcome "temporary"                                -- after 5 s, 10 s, 30 s, then every 20 min

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 451 Temporary service failure
]]
