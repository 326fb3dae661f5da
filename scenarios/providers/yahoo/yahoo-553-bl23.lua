scenario {
  title    = "553 to MAIL: the address is in Spamhaus's policy list",
  emulates = "Yahoo Mail (text approximate)",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "yahoo"

on.mail:reply(553, "5.7.1", "[BL23] Connections not accepted from IP addresses on Spamhaus PBL; see "
  .. "http://postmaster.yahoo.com/errors/550-bl23.html")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 553 5.7.1 [BL23] Connections not accepted from IP addresses on Spamhaus PBL; ...
]]
