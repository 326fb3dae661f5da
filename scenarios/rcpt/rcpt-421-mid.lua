scenario {
  title    = "Two recipients get 250, the 3rd gets 421, and the connection closes",
  emulates = "a server that recycles its connections",
  sources  = { "RFC 5321 section 3.8" },
  params   = { at = { 3, "recipient of the run that meets the 421" } },
  needs    = { rcpts = 3 },
}

on.rcpt:nth(params.at):reply(421, "4.4.2", "Connection dropped"):close()

expect.outcome "temporary"                                -- for all of them: nothing was sent

example { at = 2, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<1@example.net>
S: 250 ...
C: RCPT TO:<2@example.net>
S: 421 4.4.2 Connection dropped
S: <close>
S: <stored 0>
S2: 220 ...
C2: EHLO client.example
S2: 250 ...
C2: MAIL FROM:<a@example.com>
S2: 250 ...
C2: RCPT TO:<b@example.net>
S2: 250 ...
C2: DATA
S2: 354 ...
C2: .
S2: 250 ...
S2: <stored 1>
]] }
