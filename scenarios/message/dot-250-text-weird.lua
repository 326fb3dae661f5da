scenario {
  title    = "250 after the final dot with a text of the provider's own, and no queue id in it",
  emulates = "Mailgun",
  sources  = { "MailKit#1881", "RFC 5321 section 4.2" },
  params   = { text = { "Great success", "the text behind the code; empty for the bare code" } },
}

on.message:reply(250, params.text)

expect.outcome "delivered"                                -- the code decides; no id is needed

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
S: 250 Great success
S: <stored 1>
]]
example { text = "", [[
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
S: 250
S: <stored 1>
]] }
