scenario {
  title    = "501 5.1.5 to recipients of reserved domains",
  emulates = "Exchange",
  sources  = { "frappe PR#8514", "RFC 2606" },
}

on.rcpt:to{ "*@example.com", "*@example.net", "*@example.org", "*.test", "*.example", "*.invalid" }
  :reply(501, "5.1.5", "Recipient address reserved by RFC 2606")

expect.outcome "permanent"                                -- of this recipient alone

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 501 5.1.5 Recipient address reserved by RFC 2606
]]
