scenario {
  title    = "PIPELINING is not offered, and a command that comes too early ends the session",
  emulates = "Exim's smtp_enforce_sync (text approximate)",
  sources  = { "Exim smtp_in.c", "RFC 2920 section 3.2" },
}

capabilities { "-PIPELINING" }
on.command:where("early"):reply(554, "SMTP synchronization error"):close()

expect.outcome "delivered"                                -- every command waits for the reply before it

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
S: <stored 1>
]]
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
C: RCPT TO:<b@example.net>
S: 250 ...
S: 554 SMTP synchronization error
S: <close>
]]
