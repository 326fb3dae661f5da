scenario {
  title    = "553 to MAIL: all messages permanently deferred",
  emulates = "Yahoo Mail",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "yahoo"

on.mail:reply(553, "5.7.2", "[TSS09] All messages from {peer} will be permanently deferred; Retrying will NOT "
  .. "succeed. See https://postmaster.yahooinc.com/error-codes")

expect.outcome "permanent"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 553 5.7.2 [TSS09] All messages from {peer} will be permanently deferred; ...
]]
