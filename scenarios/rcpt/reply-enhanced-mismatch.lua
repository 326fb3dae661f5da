scenario {
  title    = "550 with the enhanced code of a temporary error: 550 4.2.1",
  emulates = "sloppy policy daemons (text approximate)",
  sources  = { "RFC 5321 section 4.2" },
}

on.rcpt:reply(550, "4.2.1", "Mailbox disabled")

expect.outcome "permanent"                                -- the reply code wins

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 4.2.1 Mailbox disabled
]]
