scenario {
  title    = "451 and FIN on a connection that was idle for 10 s",
  emulates = "Amazon SES",
  sources  = { "docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html", "nodemailer#9" },
  params   = { idle = { "10s", "silence before the server hangs up" } },
  needs    = { messages = 2, idle = "12s" },
}

on.idle:at(params.idle):unless("messages", 0)
  :reply(451, "4.4.2", "Timeout waiting for data from client."):close()

expect.outcome "reconnects"

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
S: 250 ...
S: <silence 9s>
S: 451 4.4.2 Timeout waiting for data from client.
S: <close>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: MAIL FROM:<a@example.com>
S2: 250 ...
C2: RCPT TO:<b@example.net>
S2: 250 ...
C2: DATA
S2: 354 ...
C2: .
S2: 250 ...
S2: <stored 2>
]]
