scenario {
  title    = "550 after the final dot: a line ended in LF alone",
  emulates = "Postfix",
  sources  = { "Postfix src/smtpd/smtpd.c" },
}
provider "postfix"

on.message:where("violations", "body_bare_lf"):reply(550, "5.5.2", "{host} Error: bare <LF> received")

expect.outcome "delivered"                                -- a correct client sends CRLF only

example [[
C: <ehlo>
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 Ok
C: RCPT TO:<b@example.net>
S: 250 2.1.5 Ok
C: DATA
S: 354 ...
C: Every line ends with CRLF.
C: .
S: 250 2.0.0 Ok: queued as ...
]]
