scenario {
  title    = "420 instead of the greeting, which an error message must quote",
  emulates = "odd servers (text approximate)",
  sources  = { "mail-api#387" },
  params   = { times = { 1, "connections refused before the server recovers" } },
}

on.greeting:first(params.times):reply(420, "4.3.2", "{host} is not ready for you"):close()

expect.outcome "temporary"
expect.client { output_contains = "420" }

example [[
S: 420 4.3.2 {host} is not ready for you
S: <close>
S2: 220 ...
]]
