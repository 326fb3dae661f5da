scenario {
  title    = "552 after the final dot: over the limits of the MX",
  emulates = "Gmail's MX (layout approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

on.message:reply(552, "5.2.3", {
  "Your message exceeded Google's message size limits. For more",
  " information, go to https://support.google.com/mail/?p=MaxSizeError {id} - gsmtp" })

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 250 2.1.5 OK ... - gsmtp
C: DATA
S: 354  Go ahead ... - gsmtp
C: .
S: 552-5.2.3 Your message exceeded Google's message size limits. For more
S: 552 5.2.3  information, go to https://support.google.com/mail/?p=MaxSizeError ... - gsmtp
]]
