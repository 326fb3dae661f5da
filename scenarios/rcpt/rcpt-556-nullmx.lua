scenario {
  title    = "556 to a recipient: its domain accepts no mail",
  emulates = "a server that looks for a null MX",
  sources  = { "RFC 7505 section 4.2", "RFC 7504" },
}

on.rcpt:reply(556, "5.1.10", "Recipient address has null MX")

expect.outcome "permanent"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 556 5.1.10 Recipient address has null MX
]]
