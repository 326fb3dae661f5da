scenario {
  title    = "550 in three lines after the final dot: the message looks like spam",
  emulates = "Gmail (line breaks and end approximate)",
  sources  = { "support.google.com/a/answer/3726730" },
}

on.message:reply(550, "5.7.1", {
  "[{peer}] Our system has detected that this message is likely unsolicited mail.",
  "To reduce the amount of spam sent to Gmail, this message has been blocked.",
  "{id} - gsmtp" })

expect.outcome "permanent"                                -- with all lines of the text

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
S: 550-5.7.1 [{peer}] Our system has detected that this message is likely unsolicited mail.
S: 550-5.7.1 ...
S: 550 5.7.1 ... - gsmtp
S: <stored 0>
]]
