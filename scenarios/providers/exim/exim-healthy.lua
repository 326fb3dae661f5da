scenario {
  title    = "No fault: a conversation with Exim",
  emulates = "Exim",
  sources  = { "Exim src/src/smtp_in.c", "nodemailer#1081, Mailspring#1061" },
}
provider "exim"

expect.outcome "delivered"

example [[
S: 220 mail.example.com ESMTP Exim 4.98 ...
C: EHLO client.example
S: 250-mail.example.com Hello client.example [{peer}]
S: 250-SIZE 52428800
S: 250-8BITMIME
S: 250-PIPELINING
S: 250-PIPECONNECT
S: 250-CHUNKING
S: 250-STARTTLS
S: 250-PRDR
S: 250 HELP
C: STARTTLS
S: 220 TLS go ahead
C: <tls>
C: EHLO client.example
S: 250-mail.example.com Hello client.example [{peer}]
S: 250-SIZE 52428800
S: 250-8BITMIME
S: 250-PIPELINING
S: 250-PIPECONNECT
S: 250-AUTH PLAIN LOGIN
S: 250-CHUNKING
S: 250-PRDR
S: 250 HELP
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 Authentication succeeded
C: MAIL FROM:<a@example.com>
S: 250 OK
C: RCPT TO:<b@example.net>
S: 250 Accepted
C: DATA
S: 354 Enter message, ending with "." on a line by itself
C: Message-ID: <1@example.com>
C: 
C: hello
C: .
S: 250 OK id=...
S: <stored 1>
C: QUIT
S: 221 mail.example.com closing connection
S: <close>
]]
