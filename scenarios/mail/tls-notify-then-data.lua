scenario {
  title    = "close_notify, and behind it the reply to MAIL all the same",
  emulates = "a broken stack",
  sources  = { "RFC 8446 section 6.1" },
  needs    = { tls = true },
}

on.mail:where("tls"):close_notify():proceed():close()

expect.outcome "temporary"                                -- what comes behind close_notify is ignored

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 220 ...
C: <tls>
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: <close>
]]
