scenario {
  title    = "421 after the final dot: an unusual rate of mail from this address",
  emulates = "Gmail's MX (layout approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

on.message:reply(421, "4.7.28", {
  "Gmail has detected an unusual rate of mail originating from your IP",
  " address. To protect our users from spam, mail sent from your IP",
  " address has been temporarily rate limited. For more information, go to",
  " https://support.google.com/mail/?p=UnsolicitedRateLimitError {id} - gsmtp" })

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 250 2.1.5 OK ... - gsmtp
C: DATA
S: 354  Go ahead ... - gsmtp
C: .
S: 421-4.7.28 Gmail has detected an unusual rate of mail originating from your IP
S: 421-4.7.28  address. To protect our users from spam, mail sent from your IP
S: 421-4.7.28  address has been temporarily rate limited. For more information, go to
S: 421 4.7.28  https://support.google.com/mail/?p=UnsolicitedRateLimitError ... - gsmtp
]]
