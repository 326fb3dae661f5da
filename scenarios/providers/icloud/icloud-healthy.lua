scenario {
  title    = "No fault: a conversation with iCloud Mail",
  emulates = "iCloud Mail",
  sources  = { "a debug log of a mailer, November 2025" },
  needs    = { tls = true, auth = true },
}
provider "icloud"

expect.outcome "delivered"

example [[
S: 220 iCloud SMTP - outbound.qs.icloud.com
C: EHLO client.example
S: 250-outbound.qs.icloud.com
S: 250-PIPELINING
S: 250-SIZE 28311552
S: 250-ETRN
S: 250-STARTTLS
S: 250-ENHANCEDSTATUSCODES
S: 250-8BITMIME
S: 250-DSN
S: 250-SMTPUTF8
S: 250 CHUNKING
C: STARTTLS
S: 220 2.0.0 Ready to start TLS
C: <tls>
C: EHLO client.example
S: 250-outbound.qs.icloud.com
S: 250-PIPELINING
S: 250-SIZE 28311552
S: 250-ETRN
S: 250-AUTH LOGIN PLAIN ATOKEN WSTOKEN
S: 250-ENHANCEDSTATUSCODES
S: 250-8BITMIME
S: 250-DSN
S: 250-SMTPUTF8
S: 250 CHUNKING
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
