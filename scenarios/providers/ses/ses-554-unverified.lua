scenario {
  title    = "554 after the final dot: the sender is not verified",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide" },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.message:reply(554, "Message rejected: Email address is not verified. The following identities failed the check "
  .. "in region US-WEST-2: {from}")

expect.outcome "misconfigured"                            -- the sandbox, or a domain that nobody has verified

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 554 Message rejected: Email address is not verified. The following identities ...
]]
