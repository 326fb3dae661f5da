scenario {
  title    = "No fault: a conversation with Gmail and Google Workspace, submission",
  emulates = "Gmail and Google Workspace, submission",
  sources  = { "sessions with smtp.gmail.com, 2009 to June 2026",
               "Google's SMTP error reference, support.google.com/a/answer/3726730" },
  needs    = { tls = true, auth = true },
}
provider "gmail"

expect.outcome "delivered"

example [[
S: 220 smtp.gmail.com ESMTP ... - gsmtp
C: EHLO client.example
S: 250-smtp.gmail.com at your service, [{peer}]
S: 250-SIZE 35882577
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
S: 250-smtp.gmail.com at your service, [{peer}]
S: 250-SIZE 35882577
S: 250-8BITMIME
S: 250-AUTH LOGIN PLAIN XOAUTH2 PLAIN-CLIENTTOKEN OAUTHBEARER XOAUTH
S: 250-ENHANCEDSTATUSCODES
S: 250-PIPELINING
S: 250-CHUNKING
S: 250 SMTPUTF8
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 2.7.0 Accepted
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
