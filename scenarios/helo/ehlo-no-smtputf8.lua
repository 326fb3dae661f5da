scenario {
  title    = "SMTPUTF8 is not offered",
  emulates = "most servers",
  sources  = { "RFC 6531 section 3.2", "aiosmtplib 1.1.1", "MailKit 977" },
}

capabilities { "-SMTPUTF8" }

expect.outcome { "delivered", "permanent" }               -- permanent: an address without another form

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com> SMTPUTF8
S: 555 5.5.4 Unsupported option: SMTPUTF8
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<δοκιμή@example.net>
S: 553 5.6.7 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
]]
