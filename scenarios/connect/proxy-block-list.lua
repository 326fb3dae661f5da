scenario {
  title    = "The server believes a PROXY header, and refuses a network that it names",
  emulates = "a server behind HAProxy",
  sources  = { "haproxy proxy-protocol.txt sections 2.1 and 2.2" },
}

doors { smtp = { port = 25, proxy = true } }
on.greeting:where("peer", "203.0.113.*"):reply(554, "5.7.1", "No mail from {peer}"):close()

expect.outcome { "delivered", "permanent" }               -- by the address that the test claims

example [[
C: PROXY TCP4 203.0.113.9 192.0.2.1 40000 25
S: 554 5.7.1 No mail from 203.0.113.9
S: <close>
]]
example [[
C: PROXY TCP6 2001:db8::9 2001:db8::1 40000 25
S: 220 ...
]]
example [[
C: EHLO client.example
S: <close>
]]
