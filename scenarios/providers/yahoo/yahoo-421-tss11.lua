scenario {
  title    = "421 to MAIL: all messages temporarily deferred",
  emulates = "Yahoo Mail (text approximate)",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "yahoo"

on.mail:reply(421, "4.7.1", "[TSS11] All messages from {peer} will be temporarily deferred; Retrying will NOT "
  .. "succeed. See https://postmaster.yahooinc.com/error-codes")

expect.outcome "temporary"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 421 4.7.1 [TSS11] All messages from {peer} will be temporarily deferred; ...
]]
