scenario {
  title    = "IPv6 refuses connections, IPv4 works",
  emulates = "a service that listens on IPv4 only, behind a name with both addresses",
  sources  = { "thunderbird-android#1382", "async-smtp PR#46", "trustymail PR#115" },
}

doors { smtp = { port = 25, ipv6 = "refused", main = true } }

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
]]
