scenario {
  title    = "No fault: a conversation with Yandex Mail",
  emulates = "Yandex Mail",
  sources  = { "a log of sSMTP, November 2022", "a log of SwiftMailer, May 2016", "enough_mail#284" },
  needs    = { auth = true },
}
provider "yandex"

expect.outcome "delivered"

example [[
S: 220 mail-nwsmtp-smtp-production-main-88.klg.yp-c.yandex.net Ok ...-...
C: EHLO client.example
S: 250-mail-nwsmtp-smtp-production-main-88.klg.yp-c.yandex.net
S: 250-8BITMIME
S: 250-PIPELINING
S: 250-SIZE 53477376
S: 250-STARTTLS
S: 250-AUTH LOGIN PLAIN XOAUTH2
S: 250-DSN
S: 250 ENHANCEDSTATUSCODES
C: STARTTLS
S: 220 Go ahead
C: <tls>
C: EHLO client.example
S: 250-mail-nwsmtp-smtp-production-main-88.klg.yp-c.yandex.net
S: 250-8BITMIME
S: 250-PIPELINING
S: 250-SIZE 53477376
S: 250-AUTH LOGIN PLAIN XOAUTH2
S: 250-DSN
S: 250 ENHANCEDSTATUSCODES
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 2.7.0 Authentication successful. ...-...
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 <a@example.com> ok ...-...
C: RCPT TO:<b@example.net>
S: 250 2.1.5 <b@example.net> recipient ok ...-...
C: DATA
S: 354 Start mail input, end with <CRLF>.<CRLF>
C: Message-ID: <1@example.com>
C: 
C: hello
C: .
S: 250 2.0.0 Ok: queued on mail-nwsmtp-smtp-production-main-88.klg.yp-c.yandex.net ...-...
S: <stored 1>
C: QUIT
S: 221 2.0.0 Closing connecton
S: <close>
]]
