scenario {
  title    = "550 to DATA: the message is refused before its body",
  emulates = "a policy check at DATA (text approximate)",
  sources  = { "Postfix 20020218", "RFC 5321 section 4.1.1.4" },
}

on.data:reply(550, "5.7.1", "Mail from this sender is not accepted")

expect.outcome "permanent"                                -- and no byte of the body is sent

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 550 5.7.1 Mail from this sender is not accepted
C: RSET
S: 250 ...
S: <stored 0>
]]
