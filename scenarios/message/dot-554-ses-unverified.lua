scenario {
  title    = "554 after the final dot: the sender's address is not verified",
  emulates = "Amazon SES in its sandbox",
  sources  = { "docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html" },
}

on.message
  :reply(554, { "Message rejected: Email address is not verified. The following identities failed the check"
    .. " in region US-WEST-2: {from}" })

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
S: 554 Message rejected: Email address is not verified. ... US-WEST-2: a@example.com
S: <stored 0>
]]
