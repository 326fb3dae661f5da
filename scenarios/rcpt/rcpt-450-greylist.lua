scenario {
  title    = "450 to a recipient for 60 s since the first attempt from this sender and address: greylisting",
  emulates = "postgrey",
  sources  = { "RFC 6647 section 2", "django-oscar PR#2776" },
  params   = { wait = { "60s", "time that a triple must wait before it is let in" } },
}

on.rcpt:first(params.wait):per("peer", "from", "rcpt")
  :reply(450, "4.2.0", "<{rcpt}>: Recipient address rejected: Greylisted,"
    .. " see http://postgrey.schweikert.ch/help/{rcpt.domain}.html")

expect.outcome "temporary"
expect.attempts { gap = "1s" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 450 4.2.0 <b@example.net>: Recipient address rejected: Greylisted, see http...
S: <silence 50s>
C: RCPT TO:<b@example.net>
S: 450 ...
C: RCPT TO:<c@example.net>
S: 450 ...
S: <silence 11s>
C: RCPT TO:<b@example.net>
S: 250 ...
]]
