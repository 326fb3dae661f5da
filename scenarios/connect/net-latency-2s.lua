scenario {
  title    = "Everything that the server says arrives 2 s late",
  emulates = "a satellite or mobile link",
  sources  = { "Amazon SES developer guide", "RFC 5321 section 4.5.3.2" },
  params   = { latency = { "2s", "time that each answer is under way" } },
}

wire { latency = params.latency }

expect.outcome "delivered"

example [[
S: 220 ...
C: EHLO client.example
S: 250 ...
]]
