scenario {
  title    = "550 to MAIL: the sender is no verified identity",
  emulates = "SendGrid",
  sources  = { "SendGrid documentation: sender identity" },
}

on.mail:reply(550, "The from address does not match a verified Sender Identity. Mail cannot be sent until this error"
  .. " is resolved. Visit https://sendgrid.com/docs/for-developers/sending-email/sender-identity/"
  .. " to see the Sender Identity requirements")

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 550 The from address does not match a verified Sender Identity. ...
]]
