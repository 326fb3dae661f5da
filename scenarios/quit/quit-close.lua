scenario {
  title    = "The connection closes instead of a 221 to QUIT",
  emulates = "a server in a hurry",
  sources  = { "flask-mail PR#139", "PMail PR#356" },
}

on.quit:close()

expect.outcome "delivered"

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
S: <close>
S: <stored 1>
]]
