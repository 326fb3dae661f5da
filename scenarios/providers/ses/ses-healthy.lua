scenario {
  title    = "No fault: a conversation with Amazon SES",
  emulates = "Amazon SES",
  sources  = { "a session with email-smtp.eu-central-1.amazonaws.com", "Amazon SES developer guide",
               "aiosmtplib#345" },
  needs    = { tls = true, auth = true },
}
provider "ses"

expect.outcome "delivered"

example [[
S: 220 email-smtp.amazonaws.com ESMTP SimpleEmailService-...
C: EHLO client.example
S: 250-email-smtp.amazonaws.com
S: 250-8BITMIME
S: 250-STARTTLS
S: 250-SIZE 10485760
S: 250-AUTH PLAIN LOGIN
S: 250 Ok
C: STARTTLS
S: 220 Ready to start TLS
C: <tls>
C: EHLO client.example
S: 250-email-smtp.amazonaws.com
S: 250-8BITMIME
S: 250-SIZE 10485760
S: 250-AUTH PLAIN LOGIN
S: 250 Ok
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 Authentication successful.
C: MAIL FROM:<a@example.com>
S: 250 Ok
C: RCPT TO:<b@example.net>
S: 250 Ok
C: DATA
S: 354 End data with <CR><LF>.<CR><LF>
C: Message-ID: <1@example.com>
C: 
C: hello
C: .
S: 250 Ok ...
S: <stored 1>
C: QUIT
S: 221 Bye
S: <close no close_notify>
]]
