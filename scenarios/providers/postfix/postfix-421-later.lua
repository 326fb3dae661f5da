scenario {
  title    = "421 to EHLO: try again later",
  emulates = "Postfix (text approximate)",
  sources  = { "Postfix src/smtpd/smtpd.c" },
}
provider "postfix"

on.helo:reply(421, "4.3.2", "{host} Error: service temporarily unavailable, try again later"):close()

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 421 4.3.2 {host} Error: service temporarily unavailable, try again later
S: <close>
]]
