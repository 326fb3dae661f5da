scenario {
  title    = "450 whose text says that the user is unknown for good",
  emulates = "Hotmail (text approximate)",
  sources  = { "zotonic#430" },
}

on.rcpt:reply(450, "Requested action not taken: user permanently unknown")

expect.outcome "temporary"                                -- the code decides

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 450 Requested action not taken: user permanently unknown
]]
