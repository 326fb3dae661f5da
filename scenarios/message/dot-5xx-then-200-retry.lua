scenario {
  title    = "554 after the first final dot, and 250 to who sends it again",
  emulates = "a policy that flaps (text approximate)",
  sources  = { "RFC 5321 section 4.2.1" },
  params   = { times = { 1, "messages refused before the server recovers" } },
}

on.message:first(params.times):reply(554, "5.7.1", "Message rejected by policy")

expect.outcome "permanent"                                -- 5yz: it is not sent again unchanged

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
S: 554 5.7.1 ...
S: <stored 0>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
