scenario {
  title    = "AUTH is offered without a mechanism",
  emulates = "Exchange",
  sources  = { "PHPMailer#462" },
  needs    = { auth = true },
}

capabilities { "PIPELINING", "SIZE 10485760", "8BITMIME", "AUTH" }
on.mail:unless("authenticated"):reply(530, "5.7.0", "Authentication required")

expect.outcome "misconfigured"                            -- the same as no AUTH at all

example [[
S: 220 ...
C: EHLO client.example
S: 250-{host}
S: 250-PIPELINING
S: 250-SIZE 10485760
S: 250-8BITMIME
S: 250 AUTH
C: MAIL FROM:<user@example.com>
S: 530 ...
]]
