scenario {
  title    = "450 to MAIL: the sender's domain is not found just now",
  emulates = "Postfix whose resolver fails",
  sources  = { "Postfix smtpd_check.c" },
  params   = { times = { 1, "messages refused before the server recovers" } },
}

on.mail:first(params.times):reply(450, "4.1.8", "<{from}>: Sender address rejected: Domain not found")

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 450 4.1.8 <a@example.com>: Sender address rejected: Domain not found
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
