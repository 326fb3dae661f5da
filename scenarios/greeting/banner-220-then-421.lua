scenario {
  title    = "The greeting begins with 220- and ends with 421",
  emulates = "Postfix postscreen that runs out of resources",
  sources  = { "Postfix 20111025" },
}

on.greeting:send("220-{host}\r\n"):reply(421, "4.3.2", "No system resources"):close()

expect.outcome "temporary"

example [[
S: 220-{host}
S: 421 4.3.2 No system resources
S: <close>
]]
