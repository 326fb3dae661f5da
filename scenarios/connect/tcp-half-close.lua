scenario {
  title    = "FIN instead of the greeting, while the server goes on reading",
  emulates = "a buggy load balancer",
  sources  = { "RFC 9293 section 3.6" },
}

on.connect:half_close():stall()                           -- what the client sends is taken, never answered

expect.outcome "temporary"

example [[
S: <close>
]]
