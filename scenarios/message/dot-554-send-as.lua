scenario {
  title    = "554 after the final dot: this login may not send as this sender",
  emulates = "Microsoft 365 (text approximate)",
  sources  = { "OfficeDocs-Exchange" },
}

on.message
  :reply(554, "5.2.252", "SendAsDenied; user@example.com not allowed to send as {from};"
    .. " STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied")

expect.outcome "misconfigured"

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
S: 554 5.2.252 SendAsDenied; user@example.com not allowed to send as a@example.com; ...
S: <stored 0>
]]
