scenario {
  title    = "450 to a recipient who is receiving too much mail",
  emulates = "Gmail",
  sources  = { "support.google.com/a/answer/3726730" },
  params   = { times = { 1, "recipients refused before the server recovers" } },
}

on.rcpt:first(params.times)
  :reply(450, "4.2.1", "The user you are trying to contact is receiving mail at a rate that prevents"
    .. " additional messages from being delivered.")

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 450 4.2.1 The user you are trying to contact is receiving mail at a rate ...
C: RCPT TO:<b@example.net>
S: 250 ...
]]
