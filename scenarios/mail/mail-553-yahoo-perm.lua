scenario {
  title    = "553 5.7.2 [TSS09] to MAIL: permanently deferred",
  emulates = "Yahoo",
  sources  = { "sisimai Rhost/YahooInc.pm" },
}

on.mail:reply(553, "5.7.2", "[TSS09] All messages from {peer} will be permanently deferred; Retrying will NOT succeed."
  .. " See https://postmaster.yahooinc.com/error-codes")

expect.outcome "permanent"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 553 5.7.2 [TSS09] All messages from {peer} will be permanently deferred; ...
]]
