scenario {
  title    = "550 to the first recipient, and the connection closes while commands are still on their way",
  emulates = "Microsoft and Gmail with a blocked address (end of the text approximate)",
  sources  = { "MailKit#194", "MailKit#1744", "rails#27298" },
}

on.rcpt:reply(550, "5.7.1", "Service unavailable, Client host [{peer}] blocked using Spamhaus."):close()

expect.outcome "permanent"                                -- with this text, not "connection reset"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
C: RCPT TO:<1@example.net>
C: RCPT TO:<2@example.net>
C: DATA
S: 250 ...
S: 550 5.7.1 Service unavailable, Client host [{peer}] blocked using Spamhaus.
S: <close>
]]
