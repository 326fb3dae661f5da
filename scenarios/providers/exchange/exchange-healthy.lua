scenario {
  title    = "No fault: a conversation with Exchange Server",
  emulates = "Exchange Server",
  sources  = { "Microsoft: test SMTP communication with Telnet", "Microsoft's list of NDR codes in Exchange Server",
               "a scan of an Exchange Server, September 2024" },
}
provider "exchange"

expect.outcome "delivered"

example [[
S: 220 mail1.fabrikam.com Microsoft ESMTP MAIL Service ready at ...
C: EHLO client.example
S: 250-mail1.fabrikam.com Hello [{peer}]
S: 250-SIZE 37748736
S: 250-PIPELINING
S: 250-DSN
S: 250-ENHANCEDSTATUSCODES
S: 250-STARTTLS
S: 250-X-ANONYMOUSTLS
S: 250-AUTH NTLM
S: 250-X-EXPS GSSAPI NTLM
S: 250-8BITMIME
S: 250-BINARYMIME
S: 250-CHUNKING
S: 250 XRDST
C: STARTTLS
S: 220 2.0.0 SMTP server ready
C: <tls>
C: EHLO client.example
S: 250-mail1.fabrikam.com Hello [{peer}]
S: 250-SIZE 37748736
S: 250-PIPELINING
S: 250-DSN
S: 250-ENHANCEDSTATUSCODES
S: 250-AUTH NTLM
S: 250-X-EXPS GSSAPI NTLM
S: 250-8BITMIME
S: 250-BINARYMIME
S: 250-CHUNKING
S: 250 XRDST
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
S: 250 2.6.0 <1@example.com> Queued mail for delivery
S: <stored 1>
C: QUIT
S: 221 2.0.0 Service closing transmission channel
S: <close>
]]
