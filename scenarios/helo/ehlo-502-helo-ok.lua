scenario {
  title    = "EHLO gets 502, HELO works",
  emulates = "old servers, Cisco PIX",
  sources  = { "Postfix smtp_proto.c", "Postfix 20060716", "RFC 5321 section 3.2" },
}

on.helo:verb("EHLO"):reply(502, "5.5.1", "Error: command not implemented")

expect.outcome { "delivered", "misconfigured" }           -- misconfigured: a client that must log in

example [[
S: 220 ...
C: EHLO client.example
S: 502 5.5.1 Error: command not implemented
C: HELO client.example
S: 250 {host}
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
