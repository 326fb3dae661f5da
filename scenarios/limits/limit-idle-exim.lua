scenario {
  title    = "421 and FIN after 10 s of silence, in the middle of anything",
  emulates = "Exim with a short smtp_receive_timeout",
  sources  = { "Exim smtp_in.c", "RFC 5321 section 4.5.3.2.7" },
  params   = { idle = { "10s", "silence before the server hangs up" } },
  needs    = { messages = 2, idle = "12s" },
}

limits { idle = { params.idle, reply = { 421, "{host}: SMTP command timeout - closing connection" } } }

expect.outcome "reconnects"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
S: <silence 9s>
S: 421 {host}: SMTP command timeout - closing connection
S: <close>
]]
