scenario {
  title    = "A non-delivery report with HTML",
  emulates = "Microsoft 365: no such recipient in the tenant (text approximate)",
  sources  = { "Exchange Online: NDR 5.1.10" },
  params   = { after = { "2s", "time from the final dot to the bounce" } },
  needs    = { bounces = true, messages = 2 },
}

on.rcpt:to("gone@*"):dsn{ form = "ndr", status = "5.1.10", after = params.after,
  diagnostic = "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {rcpt} not found by SMTP address lookup" }

expect.outcome "delivered"
expect.never { stage = "rcpt", to = "gone@*", after = "dsn" }      -- the address is suppressed

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<gone@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 250 ...
S: <stored 1>
S: <dsn gone@example.net failed>
]]
