scenario {
  title    = "A message to an address that has bounced is accepted, and goes nowhere",
  emulates = "Postmark",
  sources  = { "Postmark: sending email with SMTP" },
  needs    = { auth = true },
}
provider "postmark"

on.message:discard()

expect.copies { at_most = 0 }                             -- no outcome: SMTP cannot tell it, a webhook does

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 2.0.0 Ok: queued as ...
S: <stored 0>
]]
