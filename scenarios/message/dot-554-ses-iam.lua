scenario {
  title    = "554 after the final dot: the account may not send",
  emulates = "Amazon SES (names approximate)",
  sources  = { "docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html" },
}

on.message
  :reply(554, { "Access denied: User arn:aws:iam::123456789012:user/sender is not authorized to perform"
    .. " ses:SendRawEmail on resource arn:aws:ses:us-west-2:123456789012:identity/example.com" })

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
S: 554 Access denied: User ... is not authorized to perform ses:SendRawEmail on resource ...
S: <stored 0>
]]
