scenario {
  title    = "551 to every recipient: not local, with another address to try",
  emulates = "a server that knows the new address (text approximate)",
  sources  = { "RFC 5321 section 3.4" },
}

on.rcpt:reply(551, "5.1.6", "User not local; please try <{rcpt.localpart}@elsewhere.example>")

expect.outcome "permanent"                                -- named to the sender; no other address is taken in silence

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 551 5.1.6 User not local; please try <b@elsewhere.example>
]]
