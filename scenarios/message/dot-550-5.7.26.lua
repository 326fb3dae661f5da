scenario {
  title    = "550 after the final dot: neither SPF nor DKIM passes",
  emulates = "Gmail",
  sources  = { "support.google.com/a/answer/3726730" },
}

on.message
  :reply(550, "5.7.26", { "Your email has been blocked because the sender is unauthenticated.",
    "Gmail requires all senders to authenticate with either SPF or DKIM." })

expect.outcome "misconfigured"

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
C: .
S: 550-5.7.26 Your email has been blocked because the sender is unauthenticated.
S: 550 5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.
S: <stored 0>
]]
