scenario {
  title    = "554 after the final dot: the user's policy allows no sending",
  emulates = "Amazon SES",
  sources  = { "Amazon SES developer guide" },
  needs    = { tls = true, auth = true },
}
provider "ses"

on.message:reply(554, "Access denied: User arn:aws:iam::123456789012:user/ses-smtp-user is not authorized to "
  .. "perform ses:SendRawEmail on resource arn:aws:ses:us-west-2:123456789012:identity/example.com")

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
S: 554 Access denied: User arn:aws:iam::123456789012:user/ses-smtp-user is not ...
]]
