scenario {
  title    = "452 to every recipient: the mailbox is full",
  emulates = "Gmail (layout approximate)",
  sources  = { "support.google.com/a/answer/3726730" },
}

on.rcpt:reply(452, "4.2.2", {
  "The recipient's inbox is out of storage space.",
  " https://support.google.com/mail/?p=OverQuotaTemp {id} - gsmtp" })

expect.outcome "temporary"                                -- a mailbox can stay full: give up in the end

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 452-4.2.2 The recipient's inbox is out of storage space.
S: 452 4.2.2  https://support.google.com/mail/?p=OverQuotaTemp ... - gsmtp
]]
