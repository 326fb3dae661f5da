scenario {
  title    = "550 after the final dot: the sender passes neither SPF nor DKIM",
  emulates = "Gmail's MX (layout approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

on.message:reply(550, "5.7.26", {
  "Your email has been blocked because the sender is unauthenticated.",
  " Gmail requires all senders to authenticate with either SPF or DKIM.",
  " For instructions on setting up authentication, go to",
  " https://support.google.com/mail/answer/81126#authentication {id} - gsmtp" })

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 250 2.1.5 OK ... - gsmtp
C: DATA
S: 354  Go ahead ... - gsmtp
C: .
S: 550-5.7.26 Your email has been blocked because the sender is unauthenticated.
S: 550-5.7.26  Gmail requires all senders to authenticate with either SPF or DKIM.
S: 550-5.7.26  For instructions on setting up authentication, go to
S: 550 5.7.26  https://support.google.com/mail/answer/81126#authentication ... - gsmtp
]]
