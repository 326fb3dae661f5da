scenario {
  title    = "554 after the final dot: neither SPF nor DKIM",
  emulates = "iCloud Mail",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "icloud"

on.message:reply(554, "5.7.1", "[HME1] This message was blocked for failing both SPF and DKIM authentication checks.")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 250 ...
C: RCPT TO:<b@example.net>
S: 250 ...
C: DATA
S: 354 ...
C: .
S: 554 5.7.1 [HME1] This message was blocked for failing both SPF and DKIM authentication checks.
]]
