scenario {
  title    = "554 to every recipient: the block list answered an open resolver",
  emulates = "a receiver that asks Spamhaus by a public resolver (text approximate)",
  sources  = { "Spamhaus: return codes 127.255.255.x" },
}

on.rcpt:reply(554, "5.7.1", "Service unavailable; Client host [{peer}] blocked using zen.spamhaus.org;"
  .. " Error: open resolver; https://www.spamhaus.org/returnc/pub/172.253.0.0/")

expect.outcome { "permanent", "misconfigured" }           -- the receiver is at fault; the text says so

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 554 5.7.1 Service unavailable; Client host [{peer}] blocked using zen.spamhaus.org; Error: open resolver; ...
]]
