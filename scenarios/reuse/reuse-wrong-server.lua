scenario {
  title    = "Two healthy servers, for a client that sends a message to each",
  emulates = "a relay that keeps connections, and finds them again by too little",
  sources  = { "Postfix 20140507" },
}

-- Mail for one@… goes to the first door, mail for two@… to the second, both on the same client.
doors { one = { port = 25 }, two = { port = 2525 } }

expect.outcome "delivered"
expect.delivered { to = "one@*", door = "one" }
expect.delivered { to = "two@*", door = "two" }
expect.copies { to = "one@*", door = "two", at_most = 0 }
expect.copies { to = "two@*", door = "one", at_most = 0 }

example [[
C: <connect one>
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<one@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
C2: <connect two>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: MAIL FROM:<a@example.com>
S2: 250 ...
C2: RCPT TO:<two@example.org>
S2: 250 ...
C2: DATA
S2: 354 ...
C2: .
S2: 250 ...
S2: <stored 2>
]]
