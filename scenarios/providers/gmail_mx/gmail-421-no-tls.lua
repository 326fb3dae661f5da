scenario {
  title    = "421 after the final dot: the message did not come over TLS",
  emulates = "Gmail's MX (layout and the end of the text approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

on.message:reply(421, "4.7.29", {
  "This mail has been rate limited because it wasn't sent over a TLS",
  " connection. Gmail requires all bulk email senders to use TLS/SSL for SMTP",
  " connections. https://support.google.com/a/answer/81126 {id} - gsmtp" })

expect.outcome "temporary"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 250 2.1.5 OK ... - gsmtp
C: DATA
S: 354  Go ahead ... - gsmtp
C: .
S: 421-4.7.29 This mail has been rate limited because it wasn't sent over a TLS
S: 421-4.7.29  connection. Gmail requires all bulk email senders to use TLS/SSL for SMTP
S: 421 4.7.29  connections. https://support.google.com/a/answer/81126 ... - gsmtp
]]
