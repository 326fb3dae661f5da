scenario {
  title    = "No fault: a conversation with Zoho Mail",
  emulates = "Zoho Mail",
  sources  = { "a debug log of PHPMailer, PHPAuth#282", "a log of SwiftMailer, March 2018",
               "a capture of Zoho's MX, March 2024", "nodemailer#456" },
  needs    = { tls = true, auth = true },
}
provider "zoho"

expect.outcome "delivered"

example [[
S: 220 mx.zohomail.com SMTP Server ready ...
C: EHLO client.example
S: 250-mx.zohomail.com Hello client.example (client.example ({peer}))
S: 250-STARTTLS
S: 250 SIZE 53477376
C: STARTTLS
S: 220 Ready to start TLS.
C: <tls>
C: EHLO client.example
S: 250-mx.zohomail.com Hello client.example (client.example ({peer}))
S: 250-AUTH LOGIN PLAIN
S: 250 SIZE 53477376
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 Authentication Successful
C: MAIL FROM:<a@example.com>
S: 250 Sender <a@example.com> OK
C: RCPT TO:<b@example.net>
S: 250 Recipient <b@example.net> OK
C: DATA
S: 354 Ok Send data ending with <CRLF>.<CRLF>
C: Message-ID: <1@example.com>
C: 
C: hello
C: .
S: 250 Message received
S: <stored 1>
C: QUIT
S: 221 mx.zohomail.com Goodbye
S: <close>
]]
