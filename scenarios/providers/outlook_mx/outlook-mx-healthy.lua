scenario {
  title    = "No fault: a conversation with the MX of Outlook.com and Microsoft 365",
  emulates = "the MX of Outlook.com and Microsoft 365",
  sources  = { "a session with an MX host of Microsoft 365, September 2019",
               "Microsoft's list of NDR codes in Exchange Online" },
}
provider "outlook_mx"

expect.outcome "delivered"

example [[
S: 220 BL2NAM06FT004.mail.protection.outlook.com Microsoft ESMTP MAIL Service ready at ...
C: EHLO client.example
S: 250-BL2NAM06FT004.mail.protection.outlook.com Hello [{peer}]
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
S: 250-BL2NAM06FT004.mail.protection.outlook.com Hello [{peer}]
S: 250-SIZE 157286400
S: 250-PIPELINING
S: 250-DSN
S: 250-ENHANCEDSTATUSCODES
S: 250-8BITMIME
S: 250-BINARYMIME
S: 250-CHUNKING
S: 250 SMTPUTF8
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
S: 250 2.6.0 <1@example.com> [InternalId=..., Hostname=BN3NAM04HT214.eop-NAM04.prod.protection.outlook.com] ... bytes in 0.215, 56.103 KB/sec Queued mail for delivery -> 250 2.1.5
S: <stored 1>
C: QUIT
S: 221 2.0.0 Service closing transmission channel
S: <close>
]]
