scenario {
  title    = "422 to a recipient at the first try: greylisted, with a code that no RFC has",
  emulates = "Stalwart",
  sources  = { "stalwart#1108", "RFC 5321 section 4.2.1" },
  params   = { times = { 1, "tries of a recipient before it is taken" } },
}

on.rcpt:first(params.times):per("rcpt"):reply(422, "4.2.2", "Greylisted, please try again in a few moments.")

expect.outcome "temporary"                                -- the first digit decides

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 422 4.2.2 Greylisted, please try again in a few moments.
C: RCPT TO:<b@example.net>
S: 250 ...
]]
