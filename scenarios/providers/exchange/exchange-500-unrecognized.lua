scenario {
  title    = "500 to STARTTLS: unrecognized command",
  emulates = "Exchange Server",
  sources  = { "Microsoft's list of NDR codes in Exchange Server" },
  needs    = { tls = true },
}
provider "exchange"

on.starttls:reply(500, "5.3.3", "Unrecognized command")

expect.outcome { "delivered", "refuses" }                 -- in clear only where that was allowed

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: STARTTLS
S: 500 5.3.3 Unrecognized command
]]
