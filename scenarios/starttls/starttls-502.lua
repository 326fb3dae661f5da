scenario {
  title    = "502 in reply to STARTTLS, which was offered",
  emulates = "a proxy that offers what it can't do",
  sources  = { "Postfix smtpd", "curl 4e6f483d08" },
  needs    = { tls = true },
}

on.starttls:reply(502, "5.5.1", "Error: command not implemented")

expect.outcome { "temporary", "refuses" }
expect.never { stage = "mail", tls = false }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 502 5.5.1 Error: command not implemented
C: QUIT
S: 221 ...
S: <close>
]]
