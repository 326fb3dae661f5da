scenario {
  title    = "421 to QUIT, and the connection closes",
  emulates = "a server that shuts down (text approximate)",
  sources  = { "PHPMailer#104", "RFC 5321 section 3.8" },
}

on.quit:reply(421, "4.3.2", "{host} Service not available, closing transmission channel"):close()

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
S: 421 4.3.2 {host} Service not available, closing transmission channel
S: <close>
S: <stored 1>
]]
