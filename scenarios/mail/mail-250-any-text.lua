scenario {
  title    = "250 to MAIL with a text that looks like anything",
  emulates = "Sendmail, Exchange, SendGrid",
  sources  = { "RFC 5321 section 4.2" },
  params   = { text = { "<a@example.com>... Sender ok", "also: 2.1.0 a@b....Sender OK, Sender address accepted" } },
}

on.mail:reply(250, params.text)

expect.outcome "delivered"                                -- only the code decides

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 <a@example.com>... Sender ok
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
]]
example { text = "550 never mind", [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 550 never mind
C: RCPT TO:<b@example.net>
S: 250 ...
]] }
