scenario {
  title    = "421 instead of the greeting: the server is overloaded",
  emulates = "Exim",
  sources  = { "Exim smtp_in.c" },
  params   = { reason = { "Too much load", "the cause it names; or: Too many concurrent SMTP connections" } },
}

on.greeting:reply(421, "{host}: " .. params.reason .. "; please try again later"):close()

expect.outcome "temporary"

example [[
S: 421 {host}: Too much load; please try again later
S: <close>
]]
