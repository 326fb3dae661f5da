scenario {
  title    = "550 after the final dot: the sender is no verified identity",
  emulates = "SendGrid",
  sources  = { "sendgrid.com/docs/for-developers/sending-email/sender-identity" },
}

on.message
  :reply(550, { "The from address does not match a verified Sender Identity. Mail cannot be sent until this error"
    .. " is resolved. Visit https://sendgrid.com/docs/for-developers/sending-email/sender-identity/ to see the"
    .. " Sender Identity requirements" })

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
S: 550 The from address does not match a verified Sender Identity. ...
S: <stored 0>
]]
