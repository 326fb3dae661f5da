scenario {
  title    = "250 after the final dot, in Exim's words",
  emulates = "Exim",
  sources  = { "Exim smtp_in.c" },
  params   = { text = { "OK id=1dKaul-0006os-LE", "text of the reply" } },
}

on.message:reply(250, { params.text })

expect.outcome "delivered"

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
S: 250 OK id=1dKaul-0006os-LE
S: <stored 1>
]]
