scenario {
  title    = "A firewall overwrites the greeting with stars and blocks EHLO",
  emulates = "Cisco PIX and ASA: fixup protocol smtp, inspect esmtp",
  sources  = { "appriver KB a238", "Postfix smtp_proto.c", "nodemailer#1081" },
}

on.greeting:reply(220, "****************************************0*******2****0*00")
on.helo:verb("EHLO"):reply(500, "5.5.1", "Command unrecognized")           -- the text is approximate

expect.outcome { "delivered", "misconfigured" }           -- by HELO; misconfigured: a client that must log in

example [[
S: 220 ****************************************0*******2****0*00
C: EHLO client.example
S: 500 ...
C: HELO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
