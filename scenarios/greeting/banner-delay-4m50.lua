scenario {
  title    = "The greeting comes after 4 min 50 s",
  emulates = "a loaded server",
  sources  = { "RFC 5321 section 4.5.3.2.1" },
  params   = { wait = { "290s", "time before the greeting" } },
}

on.greeting:delay(params.wait)

expect.outcome { "delivered", "temporary" }               -- relays wait 5 min; who gives up closes

example [[
S: <silence 280s>
S: 220 ...
C: EHLO client.example
S: 250 ...
]]
