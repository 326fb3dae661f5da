scenario {
  title    = "A firewall turns EHLO, AUTH and STARTTLS into NOOP: 250 OK",
  emulates = "Cisco PIX up to version 6",
  sources  = { "cisco-nsp 2004-11", "community.cisco.com ta-p/3129202" },
}

on.helo:verb("EHLO"):reply(250, "OK")                     -- neither a host's name nor an extension
on.command:verb { "AUTH", "STARTTLS" }:reply(250, "OK")   -- no login and no TLS, whatever it looks like

expect.outcome { "delivered", "misconfigured" }           -- misconfigured: a client that must log in

example [[
S: 220 ...
C: EHLO client.example
S: 250 OK
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 250 OK
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
