scenario {
  title    = "PIPELINING is offered, but only the first command of a group is answered",
  emulates = "a broken proxy",
  sources  = { "MailKit#1221", "MailKit#1268" },
}

-- or 502 for the tail: :reply(502, "5.5.2", "Command not recognized")
on.command:where("early"):no_reply()

expect.outcome { "delivered", "temporary" }               -- falls back, or gives up in time

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
C: RCPT TO:<b@example.net>
C: DATA
S: 250 2.1.0 ...
S: <silence 30s>
C: RCPT TO:<b@example.net>
S: 250 ...
]]
