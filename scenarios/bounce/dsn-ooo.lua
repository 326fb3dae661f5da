scenario {
  title    = "An automatic reply of somebody who is out of the office",
  emulates = "a vacation responder",
  sources  = { "RFC 3834" },
  params   = { after = { "2s", "time from the final dot to the reply" } },
  needs    = { bounces = true },
}

on.rcpt:to("away@*"):auto_reply{ subject = "Automatic reply: {header.subject}", after = params.after,
  text = "I am out of the office until Monday and read your message then." }

expect.outcome "delivered"                                        -- no bounce: the address stays good
expect.copies { at_most = 1 }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<away@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: Subject: Hello
C:
C: .
S: 250 ...
S: <auto_reply away@example.net>
]]

-- Programs aren't answered by programs.
example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<away@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: Auto-Submitted: auto-generated
C:
C: .
S: 250 ...
S: <silence 10s>
S: <bounces 0>
]]
