scenario {
  title    = "No fault: a conversation with Mailgun",
  emulates = "Mailgun",
  sources  = { "a telnet session with smtp.mailgun.org", "a trace of an OCaml client with smtp.mailgun.org",
               "MailKit#1881" },
  needs    = { auth = true },
}
provider "mailgun"

expect.outcome "delivered"

example [[
S: 220 Mailgun Influx ready
C: EHLO client.example
S: 250-...
S: 250-AUTH PLAIN LOGIN
S: 250-SIZE 52428800
S: 250-8BITMIME
S: 250-SMTPUTF8
S: 250-PIPELINING
S: 250 STARTTLS
C: STARTTLS
S: 220 Go ahead
C: <tls>
C: EHLO client.example
S: 250-...
S: 250-AUTH PLAIN LOGIN
S: 250-SIZE 52428800
S: 250-8BITMIME
S: 250-SMTPUTF8
S: 250 PIPELINING
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 Authentication succeeded
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
S: 250 Great success
S: <stored 1>
C: QUIT
S: 221 See you later. Yours truly, Mailgun
S: <close>
]]
