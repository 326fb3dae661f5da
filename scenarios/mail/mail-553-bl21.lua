scenario {
  title    = "553 5.7.1 [BL21] to MAIL: the client's address is in a block list",
  emulates = "Yahoo with Spamhaus",
  sources  = { "sisimai Rhost/YahooInc.pm" },
}

on.mail:reply(553, "5.7.1", "[BL21] Connections will not be accepted from {peer}, because the ip is in Spamhaus's list;"
  .. " see http://postmaster.yahoo.com/550-bl23.html")

expect.outcome { "permanent", "misconfigured" }

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 553 5.7.1 [BL21] Connections will not be accepted from {peer}, ...
]]
