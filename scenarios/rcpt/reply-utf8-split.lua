scenario {
  title    = "The text of a 550 is in UTF-8, and a character is cut in two by a pause",
  emulates = "French and Chinese servers",
  sources  = { "nodemailer 95876b1" },
  params   = { gap = { "300ms", "time between the two halves of the character" } },
}

on.rcpt:reply(550, "5.1.1", "Utilisateur inconnu \u{E9}"):split(params.gap, "inconnu \xC3")

expect.outcome "permanent"                                -- decode lines, not segments

example((([[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 5.1.1 Utilisateur inconnu <C3><cut>
S: <silence 250ms>
S: <A9>
]]):gsub("<C3>", "\xC3"):gsub("<A9>", "\xA9")))
