scenario {
  title    = "No fault: a conversation with Sendmail",
  emulates = "Sendmail",
  sources  = { "sendmail src/srvrsmtp.c", "a session with Sendmail 8.14.4, August 2011",
               "a conversation in InQuest's file2pcap" },
}
provider "sendmail"

expect.outcome "delivered"

example [[
S: 220 mail.example.com ESMTP Sendmail 8.14.4/8.14.4; ...
C: EHLO client.example
S: 250-mail.example.com Hello client.example [{peer}], pleased to meet you
S: 250-ENHANCEDSTATUSCODES
S: 250-PIPELINING
S: 250-EXPN
S: 250-VERB
S: 250-8BITMIME
S: 250-SIZE 32000000
S: 250-DSN
S: 250-ETRN
S: 250-STARTTLS
S: 250-DELIVERBY
S: 250 HELP
C: STARTTLS
S: 220 2.0.0 Ready to start TLS
C: <tls>
C: EHLO client.example
S: 250-mail.example.com Hello client.example [{peer}], pleased to meet you
S: 250-ENHANCEDSTATUSCODES
S: 250-PIPELINING
S: 250-EXPN
S: 250-VERB
S: 250-8BITMIME
S: 250-SIZE 32000000
S: 250-DSN
S: 250-ETRN
S: 250-AUTH LOGIN PLAIN
S: 250-DELIVERBY
S: 250 HELP
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 2.0.0 OK Authenticated
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 <a@example.com>... Sender ok
C: RCPT TO:<b@example.net>
S: 250 2.1.5 <b@example.net>... Recipient ok
C: DATA
S: 354 Enter mail, end with "." on a line by itself
C: Message-ID: <1@example.com>
C: 
C: hello
C: .
S: 250 2.0.0 ... Message accepted for delivery
S: <stored 1>
C: QUIT
S: 221 2.0.0 mail.example.com closing connection
S: <close>
]]
