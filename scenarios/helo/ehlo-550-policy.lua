scenario {
  title    = "550 to EHLO: access denied",
  emulates = "Microsoft 365",
  sources  = { "OfficeDocs-Exchange NDR list" },
}

on.helo:reply(550, "5.7.506", "Access denied, bad HELO")

expect.outcome "permanent"

example [[
S: 220 ...
C: EHLO client.example
S: 550 5.7.506 Access denied, bad HELO
C: HELO client.example
S: 550 5.7.506 Access denied, bad HELO
]]
