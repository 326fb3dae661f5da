scenario {
  title    = "450 to a recipient who is receiving mail too quickly",
  emulates = "Yahoo Mail",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "yahoo"

on.rcpt:reply(450, "User is receiving mail too quickly")

expect.outcome "temporary"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 450 User is receiving mail too quickly
]]
