scenario {
  title    = "421 and FIN on a connection that was idle, without an enhanced code",
  emulates = "GMX",
  sources  = { "filtermail#143", "RFC 5321 section 4.5.3.2.7" },
  params   = { idle = { "10s", "silence before the server hangs up" } },
  needs    = { messages = 2, idle = "12s" },
}

on.idle:at(params.idle):unless("messages", 0)
  :reply(421, "gmx.net Service closing transmission channel - command timeout"):close()

expect.outcome "reconnects"                               -- it is no answer to the next command

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
S: 421 gmx.net Service closing transmission channel - command timeout
S: <close>
]]
