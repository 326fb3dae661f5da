scenario {
  title    = "No fault: a conversation with Yahoo Mail",
  emulates = "Yahoo Mail",
  sources  = { "a session with smtp.mail.yahoo.com:587, January 2026",
               "a session with smtp.mail.yahoo.com:465, February 2019", "a session with smtp.aol.com:587" },
  needs    = { tls = true, auth = true },
}
provider "yahoo"

expect.outcome "delivered"

example [[
S: 220 smtp.mail.yahoo.com ESMTP ready
C: EHLO client.example
S: 250-hermes--production-ir2-6fcf857f6f-vw7gs Hello client.example [{peer}])
S: 250-PIPELINING
S: 250-ENHANCEDSTATUSCODES
S: 250-8BITMIME
S: 250-SIZE 41697280
S: 250 STARTTLS
C: STARTTLS
S: 220 2.0.0 Ready to start TLS
C: <tls>
C: EHLO client.example
S: 250-hermes--production-ir2-6fcf857f6f-vw7gs Hello client.example [{peer}])
S: 250-PIPELINING
S: 250-ENHANCEDSTATUSCODES
S: 250-8BITMIME
S: 250-SIZE 41697280
S: 250 AUTH PLAIN LOGIN XOAUTH2 OAUTHBEARER
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 2.0.0 OK
C: MAIL FROM:<a@example.com>
S: 250 OK , completed
C: RCPT TO:<b@example.net>
S: 250 OK , completed
C: DATA
S: 354 Start Mail. End with CRLF.CRLF
C: Message-ID: <1@example.com>
C: 
C: hello
C: .
S: 250 OK , completed
S: <stored 1>
C: QUIT
S: 221 Service Closing transmission
S: <close>
]]
