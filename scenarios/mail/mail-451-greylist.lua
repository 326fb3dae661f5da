scenario {
  title    = "451 to MAIL for 60 s since the sender's first attempt: greylisting",
  emulates = "postgrey and its kin, by sender and network",
  sources  = { "RFC 6647 section 2", "check-if-email-exists PR#1041", "hyvor/relay#30" },
  params   = { wait = { "60s", "time that a sender must wait before it is let in" } },
}

on.mail:first(params.wait):per("from.domain", "peer/24")
  :reply(451, "4.7.1", "Greylisting in action, please come back later")

expect.outcome "temporary"
expect.attempts { gap = "1s" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 451 4.7.1 Greylisting in action, please come back later
S: <silence 50s>
C: MAIL FROM:<a@example.com>
S: 451 ...
C: MAIL FROM:<a@example.org>
S: 451 ...
S: <silence 11s>
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
