scenario {
  title    = "553 to MAIL: the address is in Spamhaus's list",
  emulates = "Yahoo Mail",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "yahoo"

on.mail:reply(553, "5.7.1", "[BL21] Connections will not be accepted from {peer}, because the ip is in Spamhaus's "
  .. "list; see http://postmaster.yahoo.com/550-bl23.html")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 553 5.7.1 [BL21] Connections will not be accepted from {peer}, because the ip ...
]]
