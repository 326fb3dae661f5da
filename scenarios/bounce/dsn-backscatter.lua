scenario {
  title    = "A bounce of a message that was never sent",
  emulates = "a mail system that believes a forged sender",
  sources  = { "RFC 3834 section 7", "RFC 5321 section 6.2" },
  params   = { after = { "2s", "time from the final dot to the bounce" } },
  needs    = { bounces = true },
}

on.message:dsn{ action = "failed", status = "5.1.1", diagnostic = "550 5.1.1 User unknown", after = params.after,
  original = "From: {from}\r\nTo: victim@example.org\r\nSubject: You have won\r\n"
          .. "Message-ID: <never-sent@forged.example>\r\n\r\nClick here.\r\n" }

expect.outcome "delivered"                                        -- its Message-ID isn't ours: nothing follows from it
expect.copies { at_most = 1 }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<here@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <dsn here@example.net failed>
]]
