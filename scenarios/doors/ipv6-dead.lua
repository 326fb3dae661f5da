scenario {
  title    = "IPv6 gets no answer, IPv4 works",
  emulates = "broken IPv6 between the client and a host with both addresses",
  sources  = { "nodemailer#1791", "OpenSMTPD#624", "postal#813", "chatmail/core#2170", "RFC 8305" },
}

doors { smtp = { port = 25, ipv6 = "dropped", main = true } }

expect.outcome "delivered"
expect.client { within = "2m" }                           -- one connect timeout may go by, not more

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
]]
