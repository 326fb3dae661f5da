scenario {
  title    = "550 to MAIL in two lines: the sender is none of the account's",
  emulates = "Hetzner's mail server",
  sources  = { "docker-postfixrelay#46" },
  needs    = { auth = true },
}

on.mail:reply(550, { "Requested action not taken: mailbox unavailable", "Sender address is not allowed." })

expect.outcome "misconfigured"                            -- the first line misleads: no recipient was named yet

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: AUTH PLAIN AHVzZXJAZXhhbXBsZS5jb20Ab3Blbi1zZXNhbWU=
S: 235 ...
C: MAIL FROM:<a@example.com>
S: 550-Requested action not taken: mailbox unavailable
S: 550 Sender address is not allowed.
]]
