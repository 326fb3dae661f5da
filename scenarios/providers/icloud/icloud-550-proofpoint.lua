scenario {
  title    = "550 to MAIL: the address is on Proofpoint's list",
  emulates = "iCloud Mail",
  sources  = { "sisimai" },
  needs    = { tls = true, auth = true },
}
provider "icloud"

on.mail:reply(550, "5.7.0", "Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip={peer}")

expect.outcome "misconfigured"

example [[
C: <login>
C: MAIL FROM:<a@example.com>
S: 550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip={peer}
]]
