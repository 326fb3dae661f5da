scenario {
  title    = "The text of a 550 is in ISO-8859-1",
  emulates = "old French servers",
  sources  = { "aiosmtplib 1.0.4", "nodemailer 95876b1" },
  params   = { verb = { "RCPT", "the command that gets it" } },
}

on.command:verb(params.verb):send("550 5.1.1 Utilisateur inconnu \xE9\r\n")      -- no valid UTF-8

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
