scenario {
  title    = "554 after the final dot: may not send as the From header says",
  emulates = "Microsoft 365, submission (text approximate)",
  sources  = { "Microsoft's list of NDR codes in Exchange Online" },
  needs    = { tls = true, auth = true },
}
provider "m365"

on.message:reply(554, "5.2.252", "SendAsDenied; {user} not allowed to send as {from}; "
  .. "STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message "
  .. "due to a permanent exception with message Cannot submit message.")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 554 5.2.252 SendAsDenied; user@example.com not allowed to send as ...
]]
