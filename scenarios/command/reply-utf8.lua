scenario {
  title    = "The text of a 550 is in UTF-8",
  emulates = "French and Chinese servers",
  sources  = { "aiosmtplib 1.0.4", "nodemailer 95876b1", "RFC 6531 section 3.7.4" },
  params   = { verb = { "RCPT", "the command that gets it" } },
}

on.command:verb(params.verb):reply(550, "5.1.1", "Utilisateur inconnu \u{E9}")

expect.outcome "permanent"                                -- the code decides, whatever the text decodes to

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 5.1.1 Utilisateur inconnu ...
]]
