scenario {
  title    = "554 after the final dot: the MAIL FROM domain is not set up",
  emulates = "Amazon SES",
  sources  = { "docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html" },
}

on.message:reply(554, { "MAIL FROM domain not verified: DNS setup for MAIL FROM domain is invalid." })

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 554 MAIL FROM domain not verified: DNS setup for MAIL FROM domain is invalid.
S: <stored 0>
]]
