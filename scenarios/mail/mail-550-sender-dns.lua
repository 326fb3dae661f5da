scenario {
  title    = "550 to MAIL: the sender's domain does not exist",
  emulates = "Postfix",
  sources  = { "Postfix smtpd_check.c" },
}

on.mail:reply(550, "5.1.8", "<{from}>: Sender address rejected: Domain not found")

expect.outcome "permanent"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 550 5.1.8 <a@example.com>: Sender address rejected: Domain not found
]]
