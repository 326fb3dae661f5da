scenario {
  title    = "554 after the final dot: the sender's own mailbox is full",
  emulates = "Microsoft 365",
  sources  = { "OfficeDocs-Support" },
}

on.message
  :reply(554, "5.2.2", "mailbox full;"
    .. " STOREDRV.Submission.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded")

expect.outcome "misconfigured"                            -- the recipient is not to blame

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 554 5.2.2 mailbox full; STOREDRV.Submission.Exception:...
S: <stored 0>
]]
