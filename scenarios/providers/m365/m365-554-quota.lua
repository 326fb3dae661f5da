scenario {
  title    = "554 after the final dot: the day's quota of recipients",
  emulates = "Microsoft 365, submission (second half of the text approximate)",
  sources  = { "Microsoft's support articles" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.message:reply(554, "5.2.0", "STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process "
  .. "message due to a permanent exception with message The message can't be submitted because the sender's "
  .. "submission quota was exceeded.")

expect.outcome "misconfigured"                            -- pause for a day

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; ...
]]
