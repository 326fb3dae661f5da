scenario {
  title    = "554 in reply to STARTTLS, which was offered",
  emulates = "a proxy that speaks TLS to the server already",
  sources  = { "Postfix smtpd" },
  needs    = { tls = true },
}

on.starttls:reply(554, "5.5.1", "Error: TLS already active")

expect.outcome { "temporary", "refuses" }
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 554 5.5.1 Error: TLS already active
C: QUIT
S: 221 ...
S: <close>
]]
