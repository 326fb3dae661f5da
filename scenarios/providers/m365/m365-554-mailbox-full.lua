scenario {
  title    = "554 after the final dot: the sender's own mailbox is full",
  emulates = "Microsoft 365, submission",
  sources  = { "Microsoft's support articles" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.message:reply(554, "5.2.2", "mailbox full; "
  .. "STOREDRV.Submission.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded")

expect.outcome "misconfigured"                            -- it says nothing of the recipient

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 554 5.2.2 mailbox full; ...
]]
