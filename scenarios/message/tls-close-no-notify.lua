scenario {
  title    = "250 to the message, then the TCP connection closes without close_notify",
  emulates = "Amazon SES",
  sources  = { "aiosmtplib#345", "RFC 8446 section 6.1" },
  needs    = { tls = true },
}

on.message:where("tls"):proceed():close{ close_notify = false }

expect.outcome "delivered"                                -- it was told so before

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
S: <close no close_notify>
]]
