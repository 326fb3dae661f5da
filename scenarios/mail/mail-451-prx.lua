scenario {
  title    = "451 4.7.0 to MAIL: temporary server error, PRX5",
  emulates = "Exchange's front end, whose backend doesn't answer",
  sources  = { "Microsoft support: PRX codes" },
  params   = { times = { 1, "messages refused before the server recovers" } },
}

on.mail:first(params.times):reply(451, "4.7.0", "Temporary server error. Please try again later. PRX5")

expect.outcome "temporary"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
C: MAIL FROM:<a@example.com>
S: 451 4.7.0 Temporary server error. Please try again later. PRX5
C: MAIL FROM:<a@example.com>
S: 250 ...
]]
