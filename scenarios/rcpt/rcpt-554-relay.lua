scenario {
  title    = "554 to every recipient: relay access denied",
  emulates = "Postfix, not logged in or the wrong server",
  sources  = { "vmail#68", "Postfix smtpd_check.c" },
}

on.rcpt:reply(554, "5.7.1", "<{rcpt}>: Relay access denied")

expect.outcome "misconfigured"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 554 5.7.1 <b@example.net>: Relay access denied
]]
