scenario {
  title    = "STARTTLS gets no answer",
  emulates = "a firewall that swallows the command",
  sources  = { "RFC 5321 section 4.5.3.2" },
  needs    = { tls = true },
}

on.starttls:stall()

expect.outcome "temporary"                                -- and nothing follows in clear
expect.never { stage = "mail" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: <silence 5m>
]]
