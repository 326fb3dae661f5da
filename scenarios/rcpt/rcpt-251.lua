scenario {
  title    = "251 to every recipient: not local, will be forwarded",
  emulates = "a server that forwards (text approximate)",
  sources  = { "RFC 5321 section 3.4" },
}

on.rcpt:reply(251, "2.1.5", "User not local; will forward to <{rcpt.localpart}@forward.example>")

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 251 2.1.5 User not local; will forward to <b@forward.example>
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
