scenario {
  title    = "550 to MAIL: nobody has logged in",
  emulates = "SendGrid",
  sources  = { "sendgrid/docs#6473" },
  needs    = { auth = true },
}
provider "sendgrid"

on.mail:reply(550, "Unauthenticated senders not allowed")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 550 Unauthenticated senders not allowed
]]
