scenario {
  title    = "Every recipient is refused, and DATA gets 554",
  emulates = "Exim and most servers",
  sources  = { "RFC 2920 section 3.1", "MailKit 965" },
  needs    = { rcpts = 2 },
}

on.rcpt:reply(550, "Unknown user")                        -- to DATA the healthy server says 554

expect.outcome "permanent"                                -- with the 550s, not the 554

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
C: RCPT TO:<1@example.net>
C: RCPT TO:<2@example.net>
C: DATA
S: 250 ...
S: 550 Unknown user
S: 550 Unknown user
S: 554 ...
C: RSET
S: 250 ...
S: <stored 0>
]]
