scenario {
  title    = "554 after the final dot: not accepted for policy reasons",
  emulates = "Yahoo Mail (text approximate)",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "yahoo"

on.message:reply(554, "5.7.9", "Message not accepted for policy reasons. See "
  .. "https://postmaster.yahooinc.com/error-codes [PH01]")

expect.outcome "permanent"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 554 5.7.9 Message not accepted for policy reasons. See ...
]]
