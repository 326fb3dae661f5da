scenario {
  title    = "550 to every recipient: the user is unknown",
  emulates = "Postfix with a mistyped address",
  sources  = { "sith#91", "frappe PR#8514", "warmbly#361", "RFC 5321 section 3.3" },
}

on.rcpt:reply(550, "5.1.1", "<{rcpt}>: Recipient address rejected: User unknown in local recipient table")

expect.outcome "permanent"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 5.1.1 <b@example.net>: Recipient address rejected: User unknown in local recipient table
]]
