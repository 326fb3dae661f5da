scenario {
  title    = "SIZE offers 1000 bytes, and the message is larger",
  emulates = "a quota",
  sources  = { "PHPMailer#98", "upyo#43", "RFC 1870" },
  params   = { limit = { 1000, "bytes that a message may have" } },
  needs    = { size = "50kB" },
}

local text = "Message size exceeds fixed limit"           -- approximate

capabilities { ("+SIZE %d"):format(params.limit) }
on.mail:matching(function(session) return (tonumber(session["param.SIZE"]) or 0) > params.limit end)
  :reply(552, "5.3.4", text)
on.message:matching(function(session) return session.size > params.limit end)
  :reply(552, "5.3.4", text)                              -- for those that do not say a size

expect.outcome "permanent"
expect.never { stage = "data" }                           -- it was known beforehand

example { limit = 100, [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com> SIZE=200
S: 552 5.3.4 ...
C: MAIL FROM:<a@example.com> SIZE=50
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: <body 200>
C: .
S: 552 5.3.4 ...
S: <stored 0>
]] }
