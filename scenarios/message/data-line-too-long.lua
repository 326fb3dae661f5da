scenario {
  title    = "500 after the final dot to a message with a line of more than 998 bytes",
  emulates = "servers that hold the limit (Exim: 552, others 550 5.6.0)",
  sources  = { "RFC 5321 section 4.5.3.1.6" },
}

on.message:where("violations", "body_line_over_998"):reply(500, "5.2.3", "Line too long")
on.message:proceed()

expect.outcome "delivered"                                -- a client wraps or encodes long lines

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
C: Every line is short.
C: .
S: 250 ...
S: <stored 1>
]]
