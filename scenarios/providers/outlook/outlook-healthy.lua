scenario {
  title    = "No fault: a conversation with Outlook.com, submission",
  emulates = "Outlook.com, submission",
  sources  = { "a session with smtp-mail.outlook.com, November 2022",
               "Microsoft's list of NDR codes in Exchange Online" },
  needs    = { tls = true, auth = true },
}
provider "outlook"

expect.outcome "delivered"

example [[
S: 220 LO2P265CA0443.outlook.office365.com Microsoft ESMTP MAIL Service ready at ... [...]
C: EHLO client.example
S: 250-LO2P265CA0443.outlook.office365.com Hello [{peer}]
S: 250-SIZE 157286400
S: 250-PIPELINING
S: 250-DSN
S: 250-ENHANCEDSTATUSCODES
S: 250-STARTTLS
S: 250-8BITMIME
S: 250-BINARYMIME
S: 250-CHUNKING
S: 250 SMTPUTF8
C: STARTTLS
S: 220 2.0.0 SMTP server ready
C: <tls>
C: EHLO client.example
S: 250-LO2P265CA0443.outlook.office365.com Hello [{peer}]
S: 250-SIZE 157286400
S: 250-PIPELINING
S: 250-DSN
S: 250-ENHANCEDSTATUSCODES
S: 250-AUTH LOGIN XOAUTH2
S: 250-8BITMIME
S: 250-BINARYMIME
S: 250-CHUNKING
S: 250 SMTPUTF8
C: AUTH LOGIN
S: 334 VXNlcm5hbWU6
C: dXNlckBleGFtcGxlLmNvbQ==
S: 334 UGFzc3dvcmQ6
C: b3Blbi1zZXNhbWU=
S: 235 2.7.0 Authentication successful
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 Sender OK
C: RCPT TO:<b@example.net>
S: 250 2.1.5 Recipient OK
C: DATA
S: 354 Start mail input; end with <CRLF>.<CRLF>
C: Message-ID: <1@example.com>
C: 
C: hello
C: .
S: 250 2.0.0 OK <...@LO2P265MB2976.GBRP265.PROD.OUTLOOK.COM> [Hostname=LO2P265MB2976.GBRP265.PROD.OUTLOOK.COM]
S: <stored 1>
C: QUIT
S: 221 2.0.0 Service closing transmission channel
S: <close>
]]
