scenario {
  title    = "554 after the final dot: the MAIL FROM domain is not verified",
  emulates = "Amazon SES",
  sources  = { "a session with email-smtp.us-east-1.amazonaws.com" },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.message:reply(554, "MAIL FROM domain not verified: DNS setup for MAIL FROM domain is invalid.")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 554 MAIL FROM domain not verified: DNS setup for MAIL FROM domain is invalid.
]]
