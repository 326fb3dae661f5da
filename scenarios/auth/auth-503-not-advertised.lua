scenario {
  title    = "AUTH is not offered, gets 503 all the same, and nobody may relay",
  emulates = "Exim on port 25, where a submission server was meant",
  sources  = { "nodemailer#1081", "Mailspring#1061", "RFC 4954 section 4" },
  needs    = { auth = true },
}

capabilities { "-AUTH" }
on.command:verb("AUTH"):reply(503, "AUTH command used when not advertised")
on.rcpt:reply(550, "relay not permitted")                 -- for a client that goes on without a login

expect.outcome { "misconfigured", "temporary" }           -- "no AUTH here", or the message waits

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 503 AUTH command used when not advertised
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 550 relay not permitted
]]
