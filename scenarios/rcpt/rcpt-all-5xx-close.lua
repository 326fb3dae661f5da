scenario {
  title    = "550 to every recipient, and the connection closes",
  emulates = "a server that has had enough",
  sources  = { "Exim 4.31/81" },
  params   = { at = { 1, "the recipient after which it closes" } },
}

on.rcpt:nth(params.at):reply(550, "5.1.1", "<{rcpt}>: User unknown"):close()
on.rcpt:reply(550, "5.1.1", "<{rcpt}>: User unknown")

expect.outcome "permanent"                                -- the report has the 550s, not a lost connection

example { at = 2, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 5.1.1 <b@example.net>: User unknown
C: RCPT TO:<c@example.net>
S: 550 5.1.1 <c@example.net>: User unknown
S: <close>
]] }
