scenario {
  title    = "421 to MAIL: deferred, user complaints",
  emulates = "Yahoo Mail",
  sources  = { "sisimai", "postal#1415" },
  needs    = { tls = true, auth = true },
}
provider "yahoo"

on.mail:reply(421, "4.7.0", "[TSS04] Messages from {peer} temporarily deferred due to unexpected volume or user "
  .. "complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes")

expect.outcome "temporary"                                -- for hours; it is no bounce

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 421 4.7.0 [TSS04] Messages from {peer} temporarily deferred due to unexpected ...
]]
