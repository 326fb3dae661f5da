scenario {
  title    = "552 to every recipient: the user is over quota",
  emulates = "iCloud",
  sources  = { "a reply of iCloud", "RFC 5321 section 4.2.3" },
}

on.rcpt:reply(552, "5.2.2", "<{rcpt}>: user is over quota")

expect.outcome "permanent"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 552 5.2.2 <b@example.net>: user is over quota
]]
