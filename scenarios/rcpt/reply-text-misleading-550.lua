scenario {
  title    = "550 whose text says to try again later",
  emulates = "policy daemons (text approximate)",
  sources  = { "zotonic#430", "RFC 5321 section 4.2" },
}

on.rcpt:reply(550, "5.7.1", "Service unavailable, try again later")

expect.outcome "permanent"                                -- the code decides

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 5.7.1 Service unavailable, try again later
]]
