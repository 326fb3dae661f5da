scenario {
  title    = "No fault: a conversation with SendGrid",
  emulates = "SendGrid",
  sources  = { "a telnet session with smtp.sendgrid.net", "SendGrid: sending a test email with Telnet",
               "a Flask-Mail log with STARTTLS" },
  needs    = { auth = true },
}
provider "sendgrid"

expect.outcome "delivered"

example [[
S: 220 SG ESMTP service ready at ....sendgrid.net
C: EHLO client.example
S: 250-smtp.sendgrid.net
S: 250-8BITMIME
S: 250-PIPELINING
S: 250-SIZE 31457280
S: 250-STARTTLS
S: 250-AUTH PLAIN LOGIN
S: 250 AUTH=PLAIN LOGIN
C: STARTTLS
S: 220 Begin TLS negotiation now
C: <tls>
C: EHLO client.example
S: 250-smtp.sendgrid.net
S: 250-8BITMIME
S: 250-PIPELINING
S: 250-SIZE 31457280
S: 250-STARTTLS
S: 250-AUTH PLAIN LOGIN
S: 250 AUTH=PLAIN LOGIN
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 Authentication successful
C: MAIL FROM:<a@example.com>
S: 250 Sender address accepted
C: RCPT TO:<b@example.net>
S: 250 Recipient address accepted
C: DATA
S: 354 Continue
C: Message-ID: <1@example.com>
C: 
C: hello
C: .
S: 250 Ok: queued as ...
S: <stored 1>
C: QUIT
S: 221 See you later
S: <close>
]]
