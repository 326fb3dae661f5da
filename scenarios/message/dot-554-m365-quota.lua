scenario {
  title    = "554 after the final dot: the day's recipients are used up",
  emulates = "Microsoft 365",
  sources  = { "OfficeDocs-Support" },
}

on.message:reply(554, "5.2.0", "STOREDRV.Submission.Exception:SubmissionQuotaExceededException")

expect.outcome "misconfigured"                            -- the account's fault, not the recipient's; a day later it goes

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
S: 554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException
S: <stored 0>
]]
