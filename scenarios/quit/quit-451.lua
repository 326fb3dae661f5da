scenario {
  title    = "451 to QUIT, and the connection stays open",
  emulates = "a server in trouble (text approximate)",
  sources  = { "PHPMailer#104" },
}

on.quit:reply(451, "4.3.0", "Local error in processing")

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
S: 451 4.3.0 ...
C: NOOP
S: 250 ...
S: <stored 1>
]]
