scenario {
  title    = "No fault: a conversation with Cisco PIX",
  emulates = "Cisco PIX",
  sources  = { "sessions through a PIX, 2005 and 2014", "a session with metagross.zimmerman.io",
               "Cisco: SMTP and ESMTP inspection" },
}
provider "pix"

expect.outcome "delivered"

example [[
S: 220 ************************************
C: EHLO client.example
S: 250-mail.example.com
S: 250-PIPELINING
S: 250-SIZE 10240000
S: 250-VRFY
S: 250-ETRN
S: 250-XXXXXXXA
S: 250-ENHANCEDSTATUSCODES
S: 250-8BITMIME
S: 250 DSN
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
