scenario {
  title    = "451 4.7.500 to MAIL: server busy, for this address",
  emulates = "Microsoft 365 (text approximate)",
  sources  = { "Microsoft 365 documentation: 4.7.500 to 4.7.699" },
  params   = { times = { 1, "messages refused before the server recovers" } },
}

on.mail:first(params.times)
  :reply(451, "4.7.500", "Server busy. Please try again later from [{peer}]. (AS77712)")

expect.outcome "temporary"                                -- the throttle may last for hours

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 451 4.7.500 Server busy. Please try again later from [{peer}]. (AS77712)
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
