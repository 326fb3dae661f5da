scenario {
  title    = "No fault: a conversation with Postmark",
  emulates = "Postmark",
  sources  = { "Postmark: sending email with SMTP", "a delivery log of a Postfix that relays by Postmark" },
  needs    = { auth = true },
}
provider "postmark"

expect.outcome "delivered"

example [[
S: 220 smtp.postmarkapp.com ESMTP
C: EHLO client.example
S: 250-smtp.postmarkapp.com
S: 250-PIPELINING
S: 250-SIZE 10485760
S: 250-STARTTLS
S: 250-AUTH PLAIN LOGIN CRAM-MD5
S: 250-ENHANCEDSTATUSCODES
S: 250 8BITMIME
C: STARTTLS
S: 220 2.0.0 Ready to start TLS
C: <tls>
C: EHLO client.example
S: 250-smtp.postmarkapp.com
S: 250-PIPELINING
S: 250-SIZE 10485760
S: 250-AUTH PLAIN LOGIN CRAM-MD5
S: 250-ENHANCEDSTATUSCODES
S: 250 8BITMIME
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 2.7.0 Authentication successful
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 Ok
C: RCPT TO:<b@example.net>
S: 250 2.1.5 Ok
C: DATA
S: 354 End data with <CR><LF>.<CR><LF>
C: Message-ID: <1@example.com>
C: 
C: hello
C: .
S: 250 2.0.0 Ok: queued as ...
S: <stored 1>
C: QUIT
S: 221 2.0.0 Bye
S: <close>
]]
