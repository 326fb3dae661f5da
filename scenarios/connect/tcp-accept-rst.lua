scenario {
  title    = "The connection is accepted and reset at once",
  emulates = "an intrusion detection system",
  sources  = { "RFC 5321 section 3.8" },
}

on.connect:reset()

expect.outcome "temporary"

example [[
S: <reset>
S2: <reset>
]]
