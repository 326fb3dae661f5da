scenario {
  title    = "250 after the final dot, and the connection closes at once",
  emulates = "a server that recycles its connections",
  sources  = { "MailKit#1881", "MailKit#1748", "PMail PR#356", "go-mail#551" },
}

on.message:proceed():close()

expect.outcome "delivered"                                -- a QUIT or RSET that fails changes nothing

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <close>
S: <stored 1>
]]
