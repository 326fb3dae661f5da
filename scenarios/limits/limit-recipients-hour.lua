scenario {
  title    = "452 to RCPT once a sender has had 3 recipients in the hour",
  emulates = "SendGrid",
  sources  = { "sendgrid/docs smtp errors" },
  params   = { limit = { 3, "recipients that a sender may have in an hour" } },
  needs    = { rcpts = 4 },
}

limits {
  recipients = { params.limit, "1h", per = "from",
                 reply = { 452, "Too many recipients received this hour (throttled)" } },
}

expect.outcome { "partial", "temporary" }

example { limit = 1, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: RCPT TO:<c@example.net>
S: 452 Too many recipients received this hour (throttled)
C: RSET
S: 250 ...
C: MAIL FROM:<other@example.com>
S: 250 ...
C: RCPT TO:<c@example.net>
S: 250 ...
]] }
