scenario {
  title    = "450 to a recipient who is receiving mail too quickly",
  emulates = "Gmail's MX (layout approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

on.rcpt:reply(450, "4.2.1", {
  "The user you are trying to contact is receiving mail too quickly.",
  " Please resend your message at a later time. If the user is able to",
  " receive mail at that time, your message will be delivered. For more",
  " information, go to https://support.google.com/mail/?p=ReceivingRatePerm {id} - gsmtp" })

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 450-4.2.1 The user you are trying to contact is receiving mail too quickly.
S: 450-4.2.1  Please resend your message at a later time. If the user is able to
S: 450-4.2.1  receive mail at that time, your message will be delivered. For more
S: 450 4.2.1  information, go to https://support.google.com/mail/?p=ReceivingRatePerm ... - gsmtp
]]
