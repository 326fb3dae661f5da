scenario {
  title    = "554 to every recipient: the client's address is on a block list",
  emulates = "Postfix with zen.spamhaus.org",
  sources  = { "a reply of Postfix with a DNS block list" },
}

on.rcpt:reply(554, "5.7.1", "Service unavailable; Client host [{peer}] blocked using zen.spamhaus.org;"
  .. " https://www.spamhaus.org/query/ip/{peer}")

expect.outcome "misconfigured"                            -- our address is at fault, not the recipient

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 554 5.7.1 Service unavailable; Client host [{peer}] blocked using zen.spamhaus.org; ...
]]
