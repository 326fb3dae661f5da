scenario {
  title    = "550 after the final dot: a header stands in it twice",
  emulates = "Gmail's MX (layout approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

on.message:reply(550, "5.7.1", {
  "[{peer}] This message is not RFC 5322 compliant because it has duplicate headers.",
  " To reduce the amount of spam sent to Gmail, this message has been",
  " blocked. https://support.google.com/mail/?p=RfcMessageNonCompliant {id} - gsmtp" })

expect.outcome "permanent"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 250 2.1.5 OK ... - gsmtp
C: DATA
S: 354  Go ahead ... - gsmtp
C: .
S: 550-5.7.1 [{peer}] This message is not RFC 5322 compliant because it has duplicate headers.
S: 550-5.7.1  To reduce the amount of spam sent to Gmail, this message has been
S: 550 5.7.1  blocked. https://support.google.com/mail/?p=RfcMessageNonCompliant ... - gsmtp
]]
