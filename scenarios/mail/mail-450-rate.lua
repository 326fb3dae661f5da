scenario {
  title    = "450 to MAIL beyond 3 messages in 10 s",
  emulates = "Postfix's smtpd_client_message_rate_limit",
  sources  = { "Postfix smtpd.c" },
  params   = {
    limit = { 3, "messages in a window" },
    window = { "10s", "length of the window" },
  },
  needs    = { messages = 4 },
}

on.mail:after(params.limit, params.window):per("peer")
  :reply(450, "4.7.1", "Error: too much mail from {peer}")

expect.outcome "temporary"

example { limit = 1, [[
S: 220 ...
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
C: MAIL FROM:<a@example.com>
S: 450 4.7.1 Error: too much mail from {peer}
S: <silence 11s>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 2>
]] }
