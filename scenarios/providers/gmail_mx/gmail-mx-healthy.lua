scenario {
  title    = "No fault: a conversation with Gmail's MX",
  emulates = "Gmail's MX",
  sources  = { "sessions with Google's MX hosts, 2011 to 2025",
               "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

expect.outcome "delivered"

example [[
S: 220 mx.google.com ESMTP ... - gsmtp
C: EHLO client.example
S: 250-mx.google.com at your service, [{peer}]
S: 250-SIZE 157286400
S: 250-8BITMIME
S: 250-STARTTLS
S: 250-ENHANCEDSTATUSCODES
S: 250-PIPELINING
S: 250-CHUNKING
S: 250 SMTPUTF8
C: STARTTLS
S: 220 2.0.0 Ready to start TLS
C: <tls>
C: EHLO client.example
S: 250-mx.google.com at your service, [{peer}]
S: 250-SIZE 157286400
S: 250-8BITMIME
S: 250-ENHANCEDSTATUSCODES
S: 250-PIPELINING
S: 250-CHUNKING
S: 250 SMTPUTF8
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 250 2.1.5 OK ... - gsmtp
C: DATA
S: 354  Go ahead ... - gsmtp
C: Message-ID: <1@example.com>
C: 
C: hello
C: .
S: 250 2.0.0 OK  ... ... - gsmtp
S: <stored 1>
C: QUIT
S: 221 2.0.0 closing connection ... - gsmtp
S: <close>
]]
