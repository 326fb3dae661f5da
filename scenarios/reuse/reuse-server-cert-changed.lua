scenario {
  title    = "After a message the server hangs up; from then on its certificate is another host's",
  emulates = "a rotation that went wrong, an attacker who steps in",
  sources  = { "RFC 9525 section 6", "RFC 8446 section 4.4.2" },
  needs    = { messages = 2, idle = "1s", tls = true },
}

on.idle:at("300ms"):unless("messages", 0):close()
on.handshake:after(1):use{ certificate = "wrong_host" }           -- of the run: from the second one on

expect.outcome "refuses"                                  -- what came before the change is delivered

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls good>
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
S: <stored 1>
S: <silence 250ms>
S: <close>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: STARTTLS
S2: 220 ...
C2: <tls wrong_host>
]]
