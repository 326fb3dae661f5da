scenario {
  title    = "452 after the final dot: the messages of the day are spent",
  emulates = "Emailit (the stage is approximate)",
  sources  = { "Emailit documentation" },
  params   = { limit = { 1, "messages of a day" } },
  needs    = { messages = 2 },
}

on.message:after(params.limit):reply(452, "4.5.3", "Daily message limit exceeded")

expect.outcome "temporary"                                -- tomorrow; no recipient is at fault

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
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 452 4.5.3 Daily message limit exceeded
]]
