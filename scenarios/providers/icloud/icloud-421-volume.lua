scenario {
  title    = "421 to a recipient: deferred, excessive volume",
  emulates = "iCloud Mail",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "icloud"

on.rcpt:reply(421, "4.7.1", "Messages to {rcpt} deferred due to excessive volume. Try again later - "
  .. "https://support.apple.com/en-us/HT204137")

expect.outcome "temporary"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 421 4.7.1 Messages to b@example.net deferred due to excessive volume. Try again ...
]]
