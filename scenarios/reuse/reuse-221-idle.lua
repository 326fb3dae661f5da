scenario {
  title    = "221 and FIN on a connection that was idle: it looks like an answer to the next command",
  emulates = "Inbucket",
  sources  = { "lettre#743", "JavaMail noop.strict" },
  params   = { idle = { "10s", "silence before the server hangs up" } },
  needs    = { messages = 2, idle = "12s" },
}

on.idle:at(params.idle):unless("messages", 0)
  :reply(221, { "Idle timeout, bye bye" }):close()

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
S: 221 Idle timeout, bye bye
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
