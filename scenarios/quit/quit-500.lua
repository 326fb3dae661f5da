scenario {
  title    = "500 to QUIT, and the connection stays open",
  emulates = "a server that knows no QUIT (text approximate)",
  sources  = { "PHPMailer#104" },
}

on.quit:reply(500, "5.5.1", "Command not recognized")

expect.outcome "delivered"                                -- QUIT never changes what became of a message

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
C: QUIT
S: 500 5.5.1 ...
C: NOOP
S: 250 ...
S: <stored 1>
]]
