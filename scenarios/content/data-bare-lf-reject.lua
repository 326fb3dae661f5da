scenario {
  title    = "550 after the final dot to a message with an LF that has no CR before it",
  emulates = "Postfix with smtpd_forbid_bare_newline = reject",
  sources  = { "Postfix smtpd.c", "vertx-mail-client#219", "courier#62", "RFC 5321 section 2.3.8" },
}

on.message:where("violations", "body_bare_lf")
  :reply(550, "5.5.2", "{host} Error: bare <LF> received")

expect.outcome "delivered"                                -- a client sends CRLF only, whatever it was given

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: Subject: hello
C:
C: Every line ends with CRLF.
C: .
S: 250 ...
S: <stored 1>
]]
