scenario {
  title    = "550 after the final dot: bare line feeds",
  emulates = "the MX of Outlook.com and Microsoft 365 (end of the text approximate)",
  sources  = { "Microsoft's list of NDR codes in Exchange Online", "vertx-mail-client#219" },
}
provider "outlook_mx"

on.message:reply(550, "5.6.11", "SMTPSEND.BareLinefeedsAreIllegal; message contains bare linefeeds, which cannot "
  .. "be sent via DATA")

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 550 5.6.11 SMTPSEND.BareLinefeedsAreIllegal; message contains bare linefeeds, ...
]]
