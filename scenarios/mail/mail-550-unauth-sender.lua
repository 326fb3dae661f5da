scenario {
  title    = "550 to MAIL: unauthenticated senders are not allowed",
  emulates = "SendGrid",
  sources  = { "sendgrid/docs#6473" },
}

on.mail:reply(550, "Unauthenticated senders not allowed")

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 550 Unauthenticated senders not allowed
]]
