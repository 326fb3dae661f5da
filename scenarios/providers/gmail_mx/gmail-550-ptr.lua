scenario {
  title    = "550 after the final dot: the client's address has no PTR record",
  emulates = "Gmail's MX (layout approximate)",
  sources  = { "Google's SMTP error reference, support.google.com/a/answer/3726730" },
}
provider "gmail_mx"

on.message:reply(550, "5.7.25", {
  "[{peer}] The IP address sending this message does not have a PTR record",
  " setup, or the corresponding forward DNS entry does not match the sending IP.",
  " https://support.google.com/mail/answer/81126#ip-practices {id} - gsmtp" })

expect.outcome "misconfigured"

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 OK ... - gsmtp
C: RCPT TO:<b@example.net>
S: 250 2.1.5 OK ... - gsmtp
C: DATA
S: 354  Go ahead ... - gsmtp
C: .
S: 550-5.7.25 [{peer}] The IP address sending this message does not have a PTR record
S: 550-5.7.25  setup, or the corresponding forward DNS entry does not match the sending IP.
S: 550 5.7.25  https://support.google.com/mail/answer/81126#ip-practices ... - gsmtp
]]
